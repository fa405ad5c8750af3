import { UnsupportedMediaTypeError } from 'dossier';

const CHARSET = /^charset=(?:utf-8|"utf-8")$/i;

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
  if (mediaType === undefined || !parameters.every((parameter) => parameter === '' || CHARSET.test(parameter))) {
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
