/** Where Dossier is installed; `undefined` in a CommonJS bundle, whose `import.meta` is empty. */
export const moduleUrl: string | undefined = import.meta.url;
