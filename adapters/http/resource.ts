import type { Endpoint } from './operation.js';

/** A path of the API with its operations. */
export interface Resource<Kind extends Endpoint = Endpoint> {
  readonly path: string;
  readonly operations: readonly Kind[];
}

/** Groups operations by path. */
export function resourcesOf<Kind extends Endpoint>(operations: readonly Kind[]): Resource<Kind>[] {
  const paths = new Set(operations.map(({ path }) => path));
  return [...paths].map((path) => ({ path, operations: operations.filter((operation) => operation.path === path) }));
}

/**
 * The paths that route to a resource. Those with a POST also accept a trailing slash, as UCS documents them. Others do
 * not: `/profiles/a/merge/..` normalizes to `/profiles/a/`, and a merge must not become a replacement of `a`.
 */
export function pathsOf({ path, operations }: Resource): string[] {
  return operations.some(({ method }) => method === 'POST') ? [path, `${path}/`] : [path];
}

/**
 * Whether the path also matches another resource's path with a parameter, as `/profiles/import` matches
 * `/profiles/{customer_id}`. Such a resource handles its own methods only; other methods go to the other resource, so that
 * a customer may have the id `import`.
 */
export function matchesParameterizedPath({ path }: Resource, all: readonly Resource[]): boolean {
  return all.some((other) => other.path !== path && patternOf(other.path).test(path));
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{[a-z_]+\}/g, '[^/{}]+')}$`);
}

/** The operation for a request method. HEAD runs the GET operation; the response is sent without its body. */
export function operationFor(resource: Resource, method: string): Endpoint | undefined {
  const effective = method === 'HEAD' ? 'GET' : method;
  return resource.operations.find((operation) => operation.method === effective);
}

/** The methods that a resource allows. */
export function methodsOf({ operations }: Resource): string[] {
  return operations.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}
