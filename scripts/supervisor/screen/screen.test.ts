import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { openScreen } from './screen.ts';

/** A stream that is no terminal, or a terminal that has colours and records how the cursor moves. */
function openOutput(isTTY: boolean) {
  const stream = new PassThrough({ encoding: 'utf8' });
  const output = Object.assign(stream, {
    isTTY,
    columns: 40,
    hasColors: () => true,
    getColorDepth: () => 24,
    moveCursor: (_x: number, y: number) => output.write(`<up ${-y}>`),
    cursorTo: () => true,
    clearScreenDown: () => output.write('<clear>'),
  });
  return { output: output as unknown as NodeJS.WriteStream, read: () => stream.read() as string };
}

test('without a terminal every event is a plain line, and a short step prints no progress', () => {
  const { output, read } = openOutput(false);
  const screen = openScreen(output);
  const step = screen.step('Making orders');
  step.progress('10%');
  step.progress('20%');
  step.done('552 orders');
  screen.step('Building').fail();
  screen.warn('pipeline ended.');
  expect(read().replaceAll(/\d\.\d s/g, '0 s')).toBe(
    [
      '… Making orders',
      '✓ Making orders: 552 orders (0 s)',
      '… Building',
      '✗ Building (0 s)',
      '! pipeline ended.',
      '',
    ].join('\n'),
  );
});

test('on a terminal the steps in progress stay below the finished ones and fit the width', () => {
  const { output, read } = openOutput(true);
  const screen = openScreen(output);
  const build = screen.step('Building the console');
  build.progress('a line that is much longer than the terminal is wide');
  const orders = screen.step('Making orders');
  screen.print('one');
  orders.done('552 orders');
  screen.print('two');
  build.done();
  screen.print('three');
  screen.close();
  const text = stripVTControlCharacters(read()).replaceAll(/\d\.\d s/g, '0 s');
  const line = '⠋ Building the console 0 s a line tha';
  expect(text).toBe(
    [
      `one\n${line}`,
      '⠋ Making orders 0 s ',
      '<up 2><clear>✓ Making orders: 552 orders (0 s)',
      line,
      `<up 1><clear>two\n${line}`,
      '<up 1><clear>✓ Building the console (0 s)',
      'three\n',
    ].join('\n'),
  );
});
