import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Collects what comes over a socket. */
export function received(socket: Socket): { text: string; until: (pattern: RegExp) => Promise<void> } {
  const state = {
    text: '',
    until: async (pattern: RegExp) => {
      while (!pattern.test(state.text)) await once(socket, 'data');
    },
  };
  socket.on('data', (chunk) => {
    state.text += chunk;
  });
  return state;
}

/** A connection over which requests are written by hand. */
export async function connected(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}
