import type { Browser, BrowserContext, ConsoleMessage } from '@playwright/test';

const NOTE = 'notePolicyViolation';

export type PolicyWatch = {
  /** The policy violations that the browser reported. */
  broken: string[];
  /** The number of documents that were watched. */
  documents: number;
  stop(): void;
};

/** Watches all pages of all contexts that `browser` opens from now on. */
export function watchPolicy(browser: Browser): PolicyWatch {
  const open = browser.newContext;
  const state: PolicyWatch = {
    broken: [],
    documents: 0,
    stop: () => {
      browser.newContext = open;
    },
  };
  browser.newContext = async (...options) => {
    const context = await Reflect.apply(open, browser, options);
    await watch(context, state);
    return context;
  };
  return state;
}

async function watch(context: BrowserContext, state: PolicyWatch): Promise<void> {
  const { broken } = state;
  context.on('page', (page) =>
    page.on('domcontentloaded', () => {
      state.documents += 1;
    }),
  );
  await context.exposeBinding(NOTE, ({ page }, what: string) => void broken.push(`${page.url()} ${what}`));
  context.on('console', (message) => {
    if (isViolation(message)) broken.push(`${message.page()?.url() ?? ''} ${message.text()}`);
  });
  await context.addInitScript((note) => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { effectiveDirective, blockedURI, sourceFile, lineNumber } = event;
      const tell = Reflect.get(window, note) as (what: string) => void;
      tell(`${effectiveDirective} ${blockedURI} ${sourceFile ?? ''}:${lineNumber}`);
    });
  }, NOTE);
}

/** The browser's own report, which also covers what happens before any script runs. */
function isViolation(message: ConsoleMessage): boolean {
  return message.type() === 'error' && /content security policy/i.test(message.text());
}
