/** The drawings that the build takes out of lucide: name → the strokes as SVG. */
declare module 'icons' {
  const icons: Record<string, string>;
  export default icons;
}
