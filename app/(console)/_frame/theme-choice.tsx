'use client';

import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { useState } from 'react';
import { parseTheme, type Theme, themeCookie, themes } from '#app/theme.ts';

const YEAR_SECONDS = 365 * 86_400;
const labels: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };

/** The theme is kept in a cookie, so that the server renders the page with it. */
export function ThemeChoice({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  function choose(value: string) {
    const chosen = parseTheme(value);
    setTheme(chosen);
    applyTheme(chosen);
  }
  return (
    <Menu.RadioGroup value={theme} onValueChange={choose} className="border-t pt-1">
      {themes.map((value) => (
        <Menu.RadioItem
          key={value}
          value={value}
          className="flex h-8 cursor-default items-center gap-2 rounded-4 px-3 outline-none data-highlighted:bg-sunken"
        >
          <span className="size-4">
            <Menu.RadioItemIndicator>
              <Check aria-hidden className="size-4 text-accent" />
            </Menu.RadioItemIndicator>
          </span>
          {labels[value]}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

function applyTheme(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is absent over plain http
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}
