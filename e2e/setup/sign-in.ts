import { setTimeout as pause } from 'node:timers/promises';

/** Signs in over HTTP. @returns the session cookie. @throws Error where the sign-in fails. */
export async function signIn(url: string, person: { email: string; password: string }): Promise<string> {
  const ask = () =>
    fetch(`${url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ email: person.email, password: person.password }),
    });
  let answer = await ask();
  // Specs with attacks use up the attempts of one address; other specs wait, as people would have to.
  while (answer.status === 429) {
    await pause(1000 * (1 + Number(answer.headers.get('x-retry-after') ?? 5)));
    answer = await ask();
  }
  if (!answer.ok) throw new Error(`${person.email} is not let in: ${answer.status}`);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
