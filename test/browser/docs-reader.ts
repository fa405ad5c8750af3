import type { Browser, Locator, Page } from 'playwright-core';

const TELL_VIOLATIONS = `document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
  console.error('Content-Security-Policy', effectiveDirective, blockedURI));`;

/** What the page shows of an answer. */
export interface ShownAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Someone who reads the documentation page and tries what it shows. */
export class DocsReader {
  readonly page: Page;
  /** Errors on the console, uncaught ones, and violations of the Content-Security-Policy. */
  readonly faults: string[] = [];
  /** The origins from which the page asked for anything. */
  readonly origins = new Set<string>();

  private constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text());
    });
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== 'data:') this.origins.add(origin);
    });
  }

  /**
   * @param baseUrl the address of the interface, with a slash at the end
   * @param query of the address of the page
   */
  static async open(browser: Browser, baseUrl: string, query = ''): Promise<DocsReader> {
    const reader = new DocsReader(await browser.newPage({ viewport: { width: 1280, height: 1000 } }));
    await reader.page.addInitScript({ content: TELL_VIOLATIONS });
    await reader.page.goto(`${baseUrl}docs${query}`);
    return reader;
  }

  /** Unfolds an operation, by its id in the description, and makes it ready to be sent. */
  async tryOut(operationId: string): Promise<TriedOperation> {
    const block = this.page.locator(`.opblock[id$="-${operationId}"]`);
    await block.locator('.opblock-summary-control').click();
    await block.getByRole('button', { name: 'Try it out' }).click();
    return new TriedOperation(block);
  }

  /** Gives the page a name and a password for HTTP Basic. */
  async authorize(name: string, password: string): Promise<void> {
    await this.page.locator('.scheme-container .authorize').click();
    const dialog = this.page.locator('.dialog-ux');
    await dialog.locator('input[type=text]').fill(name);
    await dialog.locator('input[type=password]').fill(password);
    await dialog.locator('button.authorize').click();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

/** An operation that the reader is about to send. */
export class TriedOperation {
  readonly #block: Locator;

  constructor(block: Locator) {
    this.#block = block;
  }

  /** What the page offers to send as the body. */
  async body(): Promise<unknown> {
    return JSON.parse(await this.#editor.inputValue());
  }

  writeBody(body: unknown): Promise<void> {
    return this.#editor.fill(JSON.stringify(body));
  }

  /** Takes another one of the bodies that the page offers, by its summary. */
  async chooseExample(summary: string): Promise<void> {
    await this.#block.locator('.examples-select-element').first().selectOption({ label: summary });
  }

  /** Sends it, reads the answer that the page shows for it, and clears that, so that it is not taken for the next one. */
  async execute(): Promise<ShownAnswer> {
    await this.#block.getByRole('button', { name: 'Execute' }).click();
    const answer = this.#block.locator('.live-responses-table tbody');
    const status = await answer.locator('.response-col_status').textContent();
    const body = await answer.locator('code').first().textContent();
    await this.#block.getByRole('button', { name: 'Clear' }).click();
    return { status: Number(status), body: JSON.parse(body ?? '') };
  }

  get #editor(): Locator {
    return this.#block.locator('textarea.body-param__text');
  }
}
