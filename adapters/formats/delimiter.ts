import { MalformedRequestError } from 'dossier';

const FORM = /^[\t -!#-~]$/;

/** @throws MalformedRequestError unless it is a tab or one printable ASCII character other than `"` */
export function checkDelimiter(delimiter: string): string {
  if (FORM.test(delimiter)) return delimiter;
  throw new MalformedRequestError('The delimiter must be a tab or one printable ASCII character other than ".');
}
