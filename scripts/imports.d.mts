export interface Import {
  /** The importing file, as a path in the package. */
  readonly file: string;
  /** What it imports: a path in the package, or the name of a package. */
  readonly target: string;
}
export function importsIn(...folders: string[]): Import[];
export function importsOf(file: string): Import[];
export function roomOf(path: string): string;
export function isBuiltin(target: string): boolean;
