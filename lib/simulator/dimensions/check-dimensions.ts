import { OperatorError } from '#lib/errors.ts';
import { type Dimensions, primaryKeys, references, type TableName, tableNames, tables } from './tables.ts';

export type RawRow = Record<string, unknown>;
export type RawDimensions = Record<TableName, { file: string; rows: RawRow[] }>;

/**
 * Checks the rows of all tables: columns, values, unique keys, no dangling references.
 * @throws OperatorError that names the file, the row and the problem.
 */
export function checkDimensions(raw: RawDimensions): Dimensions {
  const checked = Object.fromEntries(
    tableNames.map((table) => [table, raw[table].rows.map((row, index) => checkRow(raw, table, row, index))]),
  ) as Dimensions;
  for (const table of tableNames) checkKeys(raw, table);
  for (const { table, column, parent } of references) checkReference(raw, table, column, parent);
  return checked;
}

function checkRow(raw: RawDimensions, table: TableName, row: RawRow, index: number): unknown {
  const parsed = tables[table].safeParse(row);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(raw[table].file, `row ${index + 1}: ${issue?.path.join('.')} ${issue?.message}`);
}

function checkKeys(raw: RawDimensions, table: TableName): void {
  const seen = new Set<unknown>();
  for (const row of raw[table].rows) {
    const key = row[primaryKeys[table]];
    if (seen.has(key)) throw invalid(raw[table].file, `has two rows with ${primaryKeys[table]} ${key}`);
    seen.add(key);
  }
}

function checkReference(raw: RawDimensions, table: TableName, column: string, parent: TableName): void {
  const known = new Set(raw[parent].rows.map((row) => row[primaryKeys[parent]]));
  const dangling = raw[table].rows.find((row) => !known.has(row[column]));
  if (!dangling) return;
  const key = `${primaryKeys[table]} ${dangling[primaryKeys[table]]}`;
  throw invalid(raw[table].file, `${key} has ${column} ${dangling[column]}, which is not in ${parent}`);
}

function invalid(file: string, problem: string): OperatorError {
  return new OperatorError(`${file} ${problem}. Nothing was changed; correct the file and start again.`);
}
