/* Registers are an ISA's own: there is nothing neutral to say of them. */
