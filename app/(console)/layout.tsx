import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { ViewerProvider } from '#app/_data/viewer.tsx';
import { parseTheme, themeCookie } from '#app/theme.ts';
import { getPerson } from '#lib/auth/index.ts';
import { BackgroundMessages } from './_frame/background-messages.tsx';
import { Keyboard } from './_frame/keyboard.tsx';
import { Rail } from './_frame/rail.tsx';

/** The frame around every page. Each page calls `requirePage` itself, because it knows its own path. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const person = await getPerson(await headers());
  if (!person) return children;
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return (
    <div className="flex min-h-dvh flex-col md:grid md:grid-cols-[72px_minmax(0,1fr)]">
      <a
        href="#main"
        className="absolute -top-20 left-4 z-10 rounded-8 bg-accent px-4 py-2 font-medium text-accent-ink focus:top-4"
      >
        Skip to content
      </a>
      <Rail name={person.name} email={person.email} role={person.role} theme={theme} />
      <main id="main" tabIndex={-1} className="min-w-0 flex-1 outline-none">
        <ViewerProvider viewer={{ email: person.email, role: person.role }}>
          <Keyboard>
            <BackgroundMessages>{children}</BackgroundMessages>
          </Keyboard>
        </ViewerProvider>
      </main>
    </div>
  );
}
