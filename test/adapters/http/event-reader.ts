/** An event of a stream, or a comment. */
export interface StreamEvent {
  readonly id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read events of every shape
  readonly data?: any;
}

/** Reads server-sent events from a response, one after the other. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = '';

  constructor(response: Response) {
    if (!response.body) throw new Error('The response has no body.');
    this.#reader = response.body.getReader();
  }

  /** The next event; comments, and what only sets the time to come back, are passed over. `undefined` at the end. */
  async next(): Promise<StreamEvent | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const fields = new Map(this.#text.slice(0, end).split('\n').map(fieldIn));
        this.#text = this.#text.slice(end + 2);
        const data = fields.get('data');
        if (data !== undefined) return { id: fields.get('id') ?? '', data: JSON.parse(data) };
        continue;
      }
      const { value, done } = await this.#reader.read();
      if (done) return undefined;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }

  async take(count: number): Promise<StreamEvent[]> {
    const events: StreamEvent[] = [];
    while (events.length < count) events.push((await this.next()) ?? { id: 'the stream has ended' });
    return events;
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

function fieldIn(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
}
