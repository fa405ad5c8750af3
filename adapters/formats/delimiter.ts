import { MalformedRequestError } from 'dossier';

const FORM = /^[\t -!#-~]$/;

/** @throws MalformedRequestError unless it can separate columns: a tab, or a printable ASCII character but the quote */
export function checkDelimiter(delimiter: string): string {
  if (FORM.test(delimiter)) return delimiter;
  throw new MalformedRequestError(
    'The delimiter must be a tab, or one printable ASCII character other than the quote.',
  );
}
