// Decodes pictures for the camera, away from the page. In: one picture, as {width,
// height, data} of a canvas. Out: the codes in it, or what went wrong.
import { prepareZXingModule, readBarcodes } from '/vendor/zxing/reader/index.js';

prepareZXingModule({ overrides: { locateFile: () => '/vendor/zxing/reader.wasm' } });

const OPTIONS = {
  formats: ['DataMatrix', 'Code128', 'QRCode', 'EAN13', 'EAN8', 'UPCA', 'UPCE', 'ITF14', 'DataBar', 'DataBarLtd',
    'DataBarExp', 'DataBarExpStk', 'DataBarStk', 'DataBarStkOmni'],
  maxNumberOfSymbols: 8,
  textMode: 'Hex', // not read: a code is its bytes
};

// A scan line that leaves an ITF symbol half-way reads as a shorter number; ITF-14 has
// its length and check digit.
const isWhole = ({ symbologyIdentifier: id, bytes }) => id[1] !== 'I' || (id === ']I1' && bytes.length === 14);

// The box around the corners that were found; a linear symbol may be one line high.
function boxOf({ topLeft, topRight, bottomLeft, bottomRight }) {
  const corners = [topLeft, topRight, bottomLeft, bottomRight];
  const x = corners.map((one) => one.x);
  const y = corners.map((one) => one.y);
  return { left: Math.min(...x), right: Math.max(...x), top: Math.min(...y), bottom: Math.max(...y) };
}

onmessage = async ({ data: picture }) => {
  try {
    const found = await readBarcodes(picture, OPTIONS);
    postMessage({ codes: found.filter(isWhole).map((one) => ({
      bytes: one.bytes, symbology: one.symbologyIdentifier, box: boxOf(one.position),
    })) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
