/** Answers whether the interface has an operation, by the path of its description. */
export type Offer = (path: string) => Promise<boolean>;

/** Reads the interface's description once, when it is first asked for. */
export function readOffer(fetch: (request: Request) => Response | Promise<Response>, basePath: string): Offer {
  let paths: Promise<ReadonlySet<string>> | undefined;
  const read = async () => {
    const response = await fetch(new Request(`http://localhost${basePath.replace(/\/$/, '')}/openapi.json`));
    const document = (await response.json()) as { readonly paths: object };
    return new Set(Object.keys(document.paths));
  };
  return async (path) => {
    paths ??= read().catch((error: unknown) => {
      paths = undefined;
      throw error;
    });
    return (await paths).has(path);
  };
}
