# Print the summary (summary.awk) as JSON: {"about": {...}, "results": [...]}; -v about=FILE holds the
# first.
BEGIN {
	FS = "\t"
	printf "{\n\"about\": "
	while ((getline line < about) > 0)
		print line
	printf ",\n\"results\": ["
}
{
	printf "%s\n{\"id\": \"%s\", \"config\": \"%s\", \"measure\": \"%s\", \"n\": %d, \"median\": %s, \"quartiles\": [%s, %s]",
		(NR > 1 ? "," : ""), $1, $2, $3, $4, $5, $6, $7
	if ($8 != "-")
		printf ", \"base\": \"%s\", \"ratio\": %s, \"ratio_quartiles\": [%s, %s]", $8, $9, $10, $11
	printf "}"
}
END { print "\n]\n}" }
