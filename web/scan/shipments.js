// Shipments on their way to this pharmacy: chosen by their label or by any pack
// in them; lines tick off as packs are scanned.
import { get } from '../lib/api.js';
import { gtinOf, sameGtin, ssccOf } from './code.js';

const REREAD_AFTER = 800; // ms without a scan, so that a run of scans reads once

// What is still to come of one shipped lot, of a line, of an order.
export const lotOpen = (one) => (one.open ? Math.max(0, one.quantity - one.received) : 0);
export const lineOpen = (line) => (line.shipments ?? []).reduce((sum, one) => sum + lotOpen(one), 0);
export const openOf = (order) => order.lines.reduce((sum, line) => sum + lineOpen(line), 0);

export class ShipmentList {
  constructor(tell) {
    this.tell = tell;
    this.orders = null; // details of every shipped order, oldest first
    this.chosen = null;
    this.error = null;
    this.timer = null;
  }

  async load() {
    try {
      const { items } = await get('/orders', { status: 'shipped', limit: 100 });
      const details = await Promise.all(items.map((item) => get(`/orders/${item.id}`)));
      // A shipment that has just been emptied stays until another is chosen: done is worth seeing.
      if (this.chosen && !details.some((order) => order.id === this.chosen)) {
        const emptied = await get(`/orders/${this.chosen}`).catch(() => this.current());
        if (emptied) details.push(emptied);
        else this.chosen = null;
      }
      this.orders = details;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.tell();
  }

  current() {
    return this.orders?.find((order) => order.id === this.chosen) ?? null;
  }

  stop() {
    clearTimeout(this.timer);
  }

  choose(id) {
    this.chosen = this.chosen === id ? null : id;
  }

  chooseBySscc(code) {
    const sscc = ssccOf(code);
    const order = sscc && this.orders?.find((one) => one.sscc === sscc);
    if (!order) return false;
    this.chosen = order.id;
    this.tell();
    return true;
  }

  // The order a scan belongs to: the chosen one while it lacks anything, else the
  // only one that waits for this product. A complete one stays chosen when nothing
  // else fits, so that a pack too many is told.
  orderFor(code) {
    const current = this.current();
    if (current && openOf(current) > 0) return current.id;
    const gtin = gtinOf(code);
    const waiting = (this.orders ?? []).filter((order) => order.lines
      .some((line) => sameGtin(line.gtin, gtin) && lineOpen(line) > 0));
    if (waiting.length === 1) this.chosen = waiting[0].id;
    return this.chosen ?? undefined;
  }

  // Ticks off at once; the service's own count follows.
  received(result) {
    for (const { product, lot, quantity } of result.contents ?? [result]) {
      const line = this.current()?.lines.find((one) => one.product_id === product?.id);
      if (!line) continue;
      line.received = (line.received ?? 0) + quantity;
      const shipped = line.shipments?.find((one) => one.lot === lot && one.open);
      if (shipped) shipped.received += quantity;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), REREAD_AFTER);
  }
}
