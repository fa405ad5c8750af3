import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Collects the data that a socket receives. */
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

/** A connection for requests that are written byte by byte. */
export async function connected(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}
