'use client';

import { Autocomplete } from '@base-ui/react/autocomplete';
import { useState } from 'react';
import { Dialog } from '#app/_ui/dialog.tsx';
import { KeyCap } from './keys.tsx';

/** A named action; `keys` if a shortcut runs it, too. */
export type Command = { label: string; keys?: string; run(): void };

type PaletteProps = {
  commands: readonly Command[];
  /** The command for a text that names none, such as an order's number. */
  onText(text: string): Command | undefined;
  open: boolean;
  onClose(): void;
};

/** All commands of this screen, found by typing. */
export function CommandPalette({ commands, onText, open, onClose }: PaletteProps) {
  return (
    <Dialog title="Commands" open={open} onClose={onClose} hideTitle>
      <PaletteBody commands={commands} onText={onText} onClose={onClose} />
    </Dialog>
  );
}

function PaletteBody({ commands, onText, onClose }: Omit<PaletteProps, 'open'>) {
  const [text, setText] = useState('');
  const needle = text.trim().toLowerCase();
  const found = commands.filter(({ label }) => label.toLowerCase().includes(needle));
  const other = needle ? onText(text.trim()) : undefined;
  const shown = other ? [...found, other] : found;
  function choose(command: Command) {
    onClose();
    // The dialog first returns the focus, which the command may then move.
    setTimeout(command.run);
  }
  return (
    <Autocomplete.Root
      items={shown}
      filteredItems={shown}
      mode="none"
      value={text}
      onValueChange={setText}
      itemToStringValue={({ label }) => label}
      autoHighlight="always"
      keepHighlight
      inline
      open
    >
      <Autocomplete.Input
        aria-label="Command or order number"
        placeholder="Type a command or an order number"
        className="h-12 w-full rounded-t-8 border-b bg-surface px-4 text-14 outline-none placeholder:text-ink-3"
      />
      <Autocomplete.List className="max-h-80 overflow-y-auto p-1">
        {(command: Command) => (
          <Autocomplete.Item
            key={command.label}
            value={command}
            onClick={() => choose(command)}
            className="flex h-9 items-center justify-between gap-4 rounded-4 px-3 text-13 data-highlighted:bg-accent-soft data-highlighted:text-accent"
          >
            {command.label}
            {command.keys && <KeyCap keys={command.keys} />}
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
      {shown.length === 0 && (
        <p role="status" className="px-4 pb-4 text-13 text-ink-2">
          Nothing here has that name.
        </p>
      )}
    </Autocomplete.Root>
  );
}
