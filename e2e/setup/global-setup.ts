import { openTemplates, writeTemplates } from './templates.ts';

/** Prepares what every system of the specs is copied from. @returns a function that removes it. */
export default async function setup(): Promise<() => Promise<void>> {
  const { templates, close } = await openTemplates();
  const removeFile = writeTemplates(templates);
  return () => {
    removeFile();
    return close();
  };
}
