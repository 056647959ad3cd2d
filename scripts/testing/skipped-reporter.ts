import type { Reporter, TestModule } from 'vitest/node';

/** A reporter for vitest that lists every skipped test with the reason that it gave. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const lines = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => {
        const result = test.result();
        const reason = result.state === 'skipped' ? result.note : undefined;
        return `  ${module.relativeModuleId}: ${test.fullName}${reason ? ` (${reason})` : ''}\n`;
      }),
    );
    if (lines.length > 0) process.stderr.write(`\nSkipped:\n${lines.join('')}`);
  }
}
