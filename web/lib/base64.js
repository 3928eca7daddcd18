// Bytes as base64, as the service takes what is no text.
export const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
export const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
