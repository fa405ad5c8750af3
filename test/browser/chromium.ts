import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const EXECUTABLE = process.env.DOSSIER_TEST_CHROMIUM ?? '/usr/bin/chromium-headless-shell';

/** Without its own requests to the internet, and such that it runs in a container. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Declares tests in Chromium. Where it is missing they are skipped with a line that says so, or fail where `CI` is set. */
export function describeInChromium(title: string, body: (browser: () => Browser) => void): void {
  describe(`${title}, in Chromium`, () => {
    let browser: Browser | undefined;

    before(async function () {
      if (!existsSync(EXECUTABLE)) {
        const missing = `There is no Chromium at ${EXECUTABLE}. DOSSIER_TEST_CHROMIUM names another one.`;
        if (process.env.CI) throw new Error(missing);
        console.log(`      ${missing} Skipped; scripts/install-chromium.sh installs it.`);
        this.skip();
      }
      browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
    });

    after(() => browser?.close());

    body(() => browser as Browser);
  });
}
