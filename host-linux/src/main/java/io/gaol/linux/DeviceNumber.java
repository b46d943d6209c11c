package io.gaol.linux;

/**
 * The number of a device: makedev(3).
 *
 * @param major number of the driver
 * @param minor number of the device
 */
record DeviceNumber(int major, int minor) {
  /** Of {@code st_dev} or {@code st_rdev} of stat(2), as Linux packs them. */
  static DeviceNumber of(long packed) {
    return new DeviceNumber(
        (int) ((packed >>> 8 & 0xfff) | (packed >>> 32 & ~0xfff)),
        (int) ((packed & 0xff) | (packed >>> 12 & ~0xff)));
  }
}
