/* A function that no process can be moved out of. */
volatile int n_calls;

void call_back(void (*function)(int), int argument)
{
	function(argument);
	n_calls++;
}
