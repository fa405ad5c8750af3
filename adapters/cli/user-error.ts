/** Something that the user of the command can set right: told in one line, without a stack. */
export class UserError extends Error {}
