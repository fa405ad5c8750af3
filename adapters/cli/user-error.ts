/** An error that the user of the command can correct. It is printed as one line, without a stack, and the exit code is 1. */
export class UserError extends Error {}
