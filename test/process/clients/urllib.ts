import { fileURLToPath } from 'node:url';
import { clientAnswer, type SendRequest } from './profile-client.js';
import { runCommand } from './run-command.js';

const SCRIPT = fileURLToPath(new URL('urllib.py', import.meta.url));

/** Python's `urllib`. */
export const sendByUrllib: SendRequest = async (request) => {
  const { status, headers, text } = JSON.parse(await runCommand('python3', [SCRIPT], JSON.stringify(request)));
  return clientAnswer(status, headers, text);
};
