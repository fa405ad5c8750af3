import { UnsupportedMediaTypeError } from 'dossier';

const CHARSET = /^charset=(?:utf-8|"utf-8")$/i;

/** The parameters of single media types: the first row of CSV is always a header (RFC 4180 §3). */
const PARAMETERS: ReadonlyMap<string, RegExp> = new Map([['text/csv', /^header=(?:present|"present")$/i]]);

/**
 * Returns the media type of a request body.
 *
 * @throws UnsupportedMediaTypeError unless the type is one of `accepted`, in UTF-8, without a content coding (W2)
 */
export function requireMediaType<const MediaType extends string>(
  headers: Headers,
  accepted: readonly MediaType[],
): MediaType {
  const [given = '', ...parameters] = (headers.get('content-type') ?? '').split(';').map((part) => part.trim());
  const mediaType = accepted.find((candidate) => candidate === given.toLowerCase());
  const own = PARAMETERS.get(mediaType ?? '');
  const isKnown = (parameter: string) => parameter === '' || CHARSET.test(parameter) || own?.test(parameter) === true;
  if (own && parameters.some((parameter) => /^header=(?:absent|"absent")$/i.test(parameter))) {
    throw new UnsupportedMediaTypeError(
      'The header Content-Type has header=absent, but the first row of CSV must name the columns. Add it, and leave the parameter out.',
    );
  }
  if (mediaType === undefined || !parameters.every(isKnown)) {
    throw new UnsupportedMediaTypeError(
      `The header Content-Type must be ${accepted.join(' or ')}, with or without charset=utf-8.`,
    );
  }
  const coding = headers.get('content-encoding') ?? 'identity';
  if (coding.trim().toLowerCase() !== 'identity') {
    throw new UnsupportedMediaTypeError('The header Content-Encoding must be absent: send the body uncompressed.');
  }
  return mediaType;
}
