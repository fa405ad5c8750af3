export interface Import {
  /** The path of the importing file within the package. */
  readonly file: string;
  /** A path within the package, or a package name. */
  readonly target: string;
}
export function importsIn(...folders: string[]): Import[];
export function importsOf(file: string): Import[];
export function roomOf(path: string): string;
export function isBuiltin(target: string): boolean;
