// Shortcuts of a single key can be switched off; remembered on the device.
const KEY = "zhibu:keys-off";

export function off() {
  try { return !!localStorage.getItem(KEY); } catch (error) { return false; }
}

export function setOff(is) {
  try { is ? localStorage.setItem(KEY, "1") : localStorage.removeItem(KEY); } catch (error) { /* private window */ }
}
