// Brings the camera when it is first wanted: the page itself stays small.
import { useRef, useState } from '/vendor/preact.js';

// A page from an insecure origin has no camera to offer, and says so when asked.
export const mayHaveCamera = () => Boolean(navigator.mediaDevices?.getUserMedia) || !window.isSecureContext;

export function useCamera() {
  const [state, setState] = useState({ isOpen: false, Panel: null, failed: false });
  const isOpen = useRef(false);
  const toggle = async () => {
    isOpen.current = !isOpen.current;
    setState({ isOpen: isOpen.current, Panel: null, failed: false });
    if (!isOpen.current) return;
    try {
      const { CameraPanel } = await import('./camera_panel.js');
      if (isOpen.current) setState({ isOpen: true, Panel: CameraPanel, failed: false });
    } catch {
      isOpen.current = false;
      setState({ isOpen: false, Panel: null, failed: true });
    }
  };
  return { ...state, toggle };
}
