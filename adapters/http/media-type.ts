import { UnsupportedMediaTypeError } from 'dossier';

const CHARSET = /^charset=(?:utf-8|"utf-8")$/i;

/**
 * The media type of a body, which comes in UTF-8 and as it is.
 *
 * @throws UnsupportedMediaTypeError unless it is one of those that are accepted (W2)
 */
export function requireMediaType<const MediaType extends string>(
  headers: Headers,
  accepted: readonly MediaType[],
): MediaType {
  const [given = '', ...parameters] = (headers.get('content-type') ?? '').split(';').map((part) => part.trim());
  const mediaType = accepted.find((candidate) => candidate === given.toLowerCase());
  if (mediaType === undefined || !parameters.every((parameter) => parameter === '' || CHARSET.test(parameter))) {
    throw new UnsupportedMediaTypeError(`The body must be ${accepted.join(' or ')}, with or without charset=utf-8.`);
  }
  const coding = headers.get('content-encoding') ?? 'identity';
  if (coding.trim().toLowerCase() !== 'identity') {
    throw new UnsupportedMediaTypeError('The body must come without a content coding.');
  }
  return mediaType;
}
