import { readFile, writeFile } from 'node:fs/promises';

/** Puts each text between its marks `<!-- name -->` and `<!-- /name -->` in a page; all other text stays. */
export async function fillPage(path: string, texts: Record<string, string>): Promise<void> {
  const page = await readFile(path, 'utf8');
  await writeFile(path, Object.entries(texts).reduce(fill, page));
}

function fill(page: string, [name, text]: [string, string]): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no place for ${name}`);
  return `${before}${begin}\n${text}\n${end}${after}`;
}
