import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How long a page or a part of it may take to come. */
const PATIENCE_MS = 10_000;

/** What `axe.run` answers, as far as it is looked at. */
interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** Someone who works with the console, in a browser that runs no script of a page. */
export class ConsoleReader {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #auditor: BrowserContext;
  /** Errors on the browser's console, and violations of the Content-Security-Policy. */
  readonly faults: string[] = [];
  /** The origins from which the pages asked for anything. */
  readonly origins = new Set<string>();

  private constructor(context: BrowserContext, page: Page, auditor: BrowserContext) {
    this.#context = context;
    this.#auditor = auditor;
    this.page = page;
    context.setDefaultTimeout(PATIENCE_MS);
    page.on('console', (message) => {
      // A refused form is answered with a status of 400 or above, which the browser notes.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.faults.push(message.text());
      }
    });
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== 'data:') this.origins.add(origin);
    });
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<ConsoleReader> {
    const context = await browser.newContext({ javaScriptEnabled: false, ...options });
    const reader = new ConsoleReader(context, await context.newPage(), await browser.newContext());
    await reader.page.goto(url);
    return reader;
  }

  /** Presses a button or follows a link, and waits for the page that comes. */
  async follow(role: 'button' | 'link', name: string | RegExp): Promise<void> {
    const target = this.page.getByRole(role, { name, exact: typeof name === 'string' }).last();
    await Promise.all([this.page.waitForEvent('domcontentloaded'), target.click()]);
  }

  /** Waits for the focus to be in a field. The page has it a moment after it has come. */
  async expectFocus(name: string): Promise<void> {
    const focused = () => this.page.evaluate('document.activeElement?.name');
    for (let attempt = 0; attempt < 50 && (await focused()) !== name; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await focused()).to.equal(name);
  }

  /** Presses the tab key until the focus is on the control with a name or a text. */
  async tabTo(name: string): Promise<void> {
    for (let presses = 0; presses < 60; presses++) {
      await this.page.keyboard.press('Tab');
      const names = await this.page.evaluate(
        '[document.activeElement?.name, document.activeElement?.textContent].filter(Boolean)',
      );
      if ((names as string[]).includes(name)) return;
    }
    expect.fail(`The tab key does not lead to ${name}.`);
  }

  async expectText(...texts: readonly string[]): Promise<void> {
    // As it is laid out, since columns of a table are separate words.
    // biome-ignore lint/performance/useDomNodeTextContent: the text as a person sees it
    const shown = (await this.page.locator('main').innerText()).replace(/\s+/g, ' ');
    for (const text of texts) expect(shown).to.include(text);
  }

  /**
   * Finds what is not accessible about the page as it is, in light and in dark, and what is too wide for a narrow window.
   * Where scripts are off, axe-core cannot run either: it looks at a copy of the page.
   */
  async expectAccessible(): Promise<void> {
    const url = this.page.url();
    const copy = await this.#auditor.newPage();
    const body = await this.page.content();
    await copy.route(url, (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }), { times: 1 });
    await copy.goto(url);
    await copy.evaluate(AXE);
    // In the dark, colors alone are others.
    for (const [colorScheme, options] of [
      ['light', ''],
      ['dark', `{ runOnly: ['color-contrast'] }`],
    ] as const) {
      await copy.emulateMedia({ colorScheme });
      const { violations } = (await copy.evaluate(`axe.run(${options})`)) as AxeResult;
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
      expect(found, `${url} in ${colorScheme}`).to.deep.equal([]);
    }
    await copy.setViewportSize({ width: 320, height: 640 });
    const width = await copy.evaluate('document.documentElement.scrollWidth');
    expect(width, `the width of ${url} in a narrow window`).to.be.at.most(320);
    await copy.close();
  }

  async close(): Promise<void> {
    await Promise.all([this.#context.close(), this.#auditor.close()]);
  }
}
