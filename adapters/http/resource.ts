import type { Endpoint } from './operation.js';

/** A path of the interface with the operations that it has. */
export interface Resource<Kind extends Endpoint = Endpoint> {
  readonly path: string;
  readonly operations: readonly Kind[];
}

/** Gathers operations by their path. */
export function resourcesOf<Kind extends Endpoint>(operations: readonly Kind[]): Resource<Kind>[] {
  const paths = new Set(operations.map(({ path }) => path));
  return [...paths].map((path) => ({ path, operations: operations.filter((operation) => operation.path === path) }));
}

/**
 * The paths by which a resource is reached. UCS wrote those to which one posts with a slash at the end, and without. On
 * others a slash is what `..` leaves: merging a source of that name must not become a replacement of the destination.
 */
export function pathsOf({ path, operations }: Resource): string[] {
  return operations.some(({ method }) => method === 'POST') ? [path, `${path}/`] : [path];
}

/**
 * Whether a path with a parameter leads to a resource, too: its own methods are its, all others belong to that one. So a
 * customer may have the id `import`.
 */
export function isWithinAnother({ path }: Resource, all: readonly Resource[]): boolean {
  return all.some((other) => other.path !== path && formOf(other.path).test(path));
}

function formOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{[a-z_]+\}/g, '[^/{}]+')}$`);
}

/** The operation that a request means. HEAD is answered as GET, without the body. */
export function operationFor(resource: Resource, method: string): Endpoint | undefined {
  const meant = method === 'HEAD' ? 'GET' : method;
  return resource.operations.find((operation) => operation.method === meant);
}

/** The methods that a resource has. */
export function methodsOf({ operations }: Resource): string[] {
  return operations.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}
