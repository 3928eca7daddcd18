// What the scan page weighs on the line, from the log-in on, with nothing kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, needsService, openPage, signIn } from './helpers.mjs';

const MOST_BYTES = 150_000;
const MOST_MS = 1000; // to the first paint

test('the scan page is light and there at once', { skip: needsService }, async (t) => {
  const browser = await launch();
  try {
    const { page, context } = await openPage(browser);
    const line = await context.newCDPSession(page);
    await line.send('Network.enable');
    const asked = new Map();
    let bytes = 0;
    line.on('Network.requestWillBeSent', ({ requestId, request }) => asked.set(requestId, new URL(request.url).pathname));
    line.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (!asked.get(requestId)?.startsWith('/api/')) bytes += encodedDataLength;
    });
    await signIn(page, 'clerk');
    await page.waitForSelector('.scan-input');
    await page.waitForLoadState('networkidle');
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
    t.diagnostic(`${bytes} bytes with headers, first paint after ${Math.round(paint)} ms`);
    assert.ok(bytes > 10_000 && bytes < MOST_BYTES, `${bytes} bytes`);
    assert.ok(paint < MOST_MS, `${paint} ms`);
  } finally {
    await browser.close();
  }
});
