import { integer, type Source } from '#lib/random.ts';
import type { Row } from '../dimensions/tables.ts';
import type { OpenBrand } from '../location/brands.ts';
import type { LocationConfig } from '../location/location-config.ts';

/** The items of an order, and the longest preparation time of their brands in minutes. */
export type Basket = { items: BasketItem[]; prepMinutes: number | null };
export type BasketItem = Row<'items'> & { qty: number };

/** Draws a basket: usually from one brand, else from several; of each brand some different items. `brands` is not empty. */
export function drawBasket(brands: OpenBrand[], config: LocationConfig, source: Source): Basket {
  const { one_brand_pct, max_brands, max_items, second_piece_pct } = config.basket;
  const several = source() >= one_brand_pct;
  const chosen = drawBrands(brands, several ? integer(source, 2, Math.max(2, max_brands)) : 1, source);
  const items = chosen.flatMap((brand) =>
    drawDistinct(brand.items, integer(source, 1, max_items), source).map((item) => ({
      ...item,
      qty: source() < second_piece_pct ? 2 : 1,
    })),
  );
  const times = chosen.flatMap((brand) => brand.prepMinutes ?? []);
  return { items, prepMinutes: times.length > 0 ? Math.max(...times) : null };
}

/** Draws different brands, each with a probability proportional to its weight. */
function drawBrands(brands: OpenBrand[], count: number, source: Source): OpenBrand[] {
  const left = [...brands];
  return Array.from({ length: Math.min(count, brands.length) }, () => {
    let point = source() * left.reduce((sum, brand) => sum + brand.weight, 0);
    const found = left.findIndex((brand) => {
      point -= brand.weight;
      return point < 0;
    });
    return left.splice(found, 1);
  }).flat();
}

function drawDistinct<Value>(values: Value[], count: number, source: Source): Value[] {
  const left = [...values];
  return Array.from({ length: Math.min(count, values.length) }, () =>
    left.splice(integer(source, 0, left.length - 1), 1),
  ).flat();
}
