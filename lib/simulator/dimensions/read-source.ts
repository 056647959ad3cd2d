import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkDimensions, type RawRow } from './check-dimensions.ts';
import type { Dimensions } from './tables.ts';

const brandSchema = z.object({
  brand_id: z.int().min(1),
  name: z.string(),
  cuisine_type: z.string(),
  avg_prep_time_min: z.int(),
  menu: z.record(z.string(), z.record(z.string(), z.number())),
});
type SourceBrand = z.infer<typeof brandSchema>;

/**
 * Reads the JSON source of the dimension tables: `brands-*.json` (brand → category → item → price in USD),
 * `locations.json`, `brand-locations.json`. Keys follow from the position inside a brand: category 243 is the third
 * of brand 24, and item 2432 is its second. So a new brand changes no other key.
 */
export function readSource(directory: string): Dimensions {
  const brands = globSync('brands-*.json', { cwd: directory })
    .flatMap((file) => z.array(brandSchema).parse(readJson(directory, file)))
    .sort((one, other) => one.brand_id - other.brand_id);
  const rowsOf = (rows: RawRow[]) => ({ file: directory, rows });
  return checkDimensions({
    brands: rowsOf(brands.map(({ menu: _, ...brand }) => brand)),
    menus: rowsOf(brands.map(({ brand_id, name }) => ({ id: brand_id, brand_id, name: `${name} Menu` }))),
    categories: rowsOf(brands.flatMap(listCategories)),
    items: rowsOf(brands.flatMap(listItems)),
    locations: rowsOf(readJson(directory, 'locations.json') as RawRow[]),
    brand_locations: rowsOf(readJson(directory, 'brand-locations.json') as RawRow[]),
  });
}

function listCategories({ brand_id, menu }: SourceBrand): RawRow[] {
  return Object.keys(menu).map((name, index) => ({
    id: brand_id * 10 + index + 1,
    menu_id: brand_id,
    brand_id,
    name,
  }));
}

function listItems({ brand_id, menu }: SourceBrand): RawRow[] {
  return Object.values(menu).flatMap((items, category) =>
    Object.entries(items).map(([name, price], index) => ({
      id: (brand_id * 10 + category + 1) * 10 + index + 1,
      category_id: brand_id * 10 + category + 1,
      menu_id: brand_id,
      brand_id,
      name,
      price,
    })),
  );
}

function readJson(directory: string, file: string): unknown {
  return JSON.parse(readFileSync(join(directory, file), 'utf8'));
}
