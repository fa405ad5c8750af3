import { request } from 'undici';
import { clientAnswer, type SendRequest } from './profile-client.js';

/** `undici` through its `request` function, not `fetch`. */
export const sendByUndici: SendRequest = async ({ method, url, headers, body }) => {
  const answer = await request(url, { method, headers, body: body ?? null });
  const fields = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
  return clientAnswer(answer.statusCode, fields, await answer.body.text());
};
