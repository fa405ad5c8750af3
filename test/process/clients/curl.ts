import { clientAnswer, type SendRequest } from './profile-client.js';
import { runCommand } from './run-command.js';

/** `curl`, whose standard output is the response head followed by the body. */
export const sendByCurl: SendRequest = async ({ method, url, headers, body }) => {
  const output = await runCommand(
    'curl',
    [
      ...['--silent', '--show-error', '--include', '--max-time', '20', '--noproxy', '*', '--request', method, url],
      ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
      ...(body === undefined ? [] : ['--data-binary', '@-']),
    ],
    body ?? '',
  );
  const end = output.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = output.slice(0, end).split('\r\n');
  const fields = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const);
  return clientAnswer(Number(statusLine.split(' ')[1]), fields, output.slice(end + 4));
};
