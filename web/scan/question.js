// What an answer asks of the clerk. A question stands in the result's place and
// never over the field.
import { now } from '../lib/clock.js';
import { t } from '../lib/text.js';
import { codeOf, isOfBox, ssccOf } from './code.js';
import { lotOpen } from './shipments.js';

// Lot, expiry or serial of a box whose product another code names; whether there is still time for that.
export const isHalf = (entry) => entry?.result?.outcome === 'held' && Boolean(entry.result.problem?.waits);
export const mayJoin = (entry) => isHalf(entry) && now() < (entry.awaits ?? 0);

export function questionOf(entry, shipped) {
  const { result, request } = entry;
  const shipment = request.movement === 'receive' ? shipped : null;
  if (!result) return null;
  const code = result.problem?.code;
  if (result.outcome === 'held' && code === 'lot_required') {
    return { kind: 'lot', lots: shipmentLots(shipment, result.product?.id) };
  }
  if (result.outcome === 'held' && (code === 'unknown_code' || code === 'bad_code') && !ssccOf(codeOf(request))) {
    return { kind: 'product' };
  }
  // Half of a box is no scan of its own: the box was counted by its other code.
  if (result.outcome !== 'rejected' || isOfBox(request) || result.problem?.why === 'half_refused') return null;
  if (code === 'insufficient_stock' && request.movement === 'write_off') return { kind: 'stock_lot' };
  const lots = result.problem?.lots ?? result.lots ?? [];
  if (code === 'insufficient_stock' && lots.length > 0) return { kind: 'split', lots: lots.slice(0, 9) };
  if (code === 'over_ordered' && !request.reason) return { kind: 'reason' };
  return null;
}

// Lots of the chosen shipment for this product, to be picked by one key.
function shipmentLots(shipment, productId) {
  const lines = (shipment?.lines ?? []).filter((line) => line.product_id === productId);
  return lines.flatMap((line) => line.shipments ?? []).filter((one) => lotOpen(one) > 0).slice(0, 9);
}

// A case or pallet of several products has no product's name.
export function packageName(result) {
  if (!result?.contents) return '';
  return t('scan.package', { n: new Set(result.contents.map((part) => part.product.id)).size });
}

// Warnings that change what the clerk does next; the others are for the record.
export const isUrgent = (warning) => warning.code === 'fefo' || warning.code === 'near_expiry';

// How an answer sounds: accepted, look here, stopped.
export function soundOf(result) {
  if (result.outcome === 'rejected') return 'stopped';
  if (result.outcome === 'held') return 'look';
  return (result.warnings ?? []).some(isUrgent) ? 'look' : 'accepted';
}

export function meaningOf(entry) {
  if (!entry.result) return 'waiting';
  if (entry.result.outcome === 'rejected') return 'stopped';
  if (entry.result.outcome === 'held') return 'look';
  return 'done';
}
