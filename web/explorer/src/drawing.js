// The drawing: sigma.js shows the graph, reduced to what the state lets through.

import { MultiGraph, MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import { Labels } from "./labels.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");
const shade = (light, dark) => (DARK.matches ? dark : light);
const faint = () => shade("#ececec", "#2b2b2b");
const edgeColour = (count) => (count > 1000 ? shade("#d9d9d9", "#3d3d3d") : shade("#9c9c9c", "#7a7a7a"));
const litEdge = () => shade("#4a4a4a", "#e0e0e0");

/** Draws into `container`; returns null where the browser has no WebGL. */
export function draw(container, state, look) {
  const { data } = state;
  const graph = new (data.directed ? MultiDirectedGraph : MultiGraph)();
  for (const node of data.nodes) {
    graph.addNode(node.index, { x: node.x, y: node.y, label: node.label, size: 4 });
  }
  for (const edge of data.edges) {
    graph.addEdgeWithKey(edge.index, edge.source, edge.target, { size: edge.width });
  }
  const labels = new Labels();
  // On a small screen nodes are smaller, so that they do not lie on each other.
  const scale = () => Math.max(0.4, Math.min(1, container.clientWidth / 900));
  let renderer;
  try {
    renderer = new Sigma(graph, container, {
      allowInvalidContainer: true,
      defaultDrawNodeLabel: labels.gather,
      defaultDrawNodeHover: ring,
      defaultEdgeColor: edgeColour(data.edges.length),
      defaultEdgeType: data.directed ? "arrow" : "line",
      enableEdgeEvents: data.edges.length <= 20000,
      itemSizesReference: "screen",
      labelDensity: data.nodes.length > 200 ? 2 : 6,
      labelFont: "system-ui, sans-serif",
      labelGridCellSize: 80,
      labelRenderedSizeThreshold: data.nodes.length > 400 ? 5 : 2,
      labelSize: 13,
      minEdgeThickness: 1.4,
      stagePadding: 56,
      zIndex: true,
      nodeReducer: (index) => nodeLook(state, look, Number(index), scale()),
      edgeReducer: (index) => edgeLook(state, Number(index)),
    });
  } catch {
    return null;
  }
  renderer.on("beforeRender", () => labels.clear());
  renderer.on("afterRender", () => labels.write(discsOf(renderer, state), renderer.getDimensions()));
  DARK.addEventListener("change", () => {
    renderer.setSetting("defaultEdgeColor", edgeColour(data.edges.length));
    renderer.refresh();
  });
  renderer.refresh();
  listen(renderer, container, state);
  for (const event of ["filter", "selection", "look"]) {
    state.addEventListener(event, () => renderer.refresh({ skipIndexation: event === "selection" }));
  }
  return { graph, renderer };
}

/** Where on the screen the visible nodes are. */
function discsOf(renderer, state) {
  return state.data.nodes
    .filter((node) => state.nodes[node.index])
    .map((node) => {
      const shown = renderer.getNodeDisplayData(node.index);
      return { ...renderer.framedGraphToViewport(shown), size: renderer.scaleSize(shown.size) };
    });
}

/** Marks the node that is chosen or pointed at; its label is one of the others. */
function ring(context, { x, y, size }) {
  context.beginPath();
  context.arc(x, y, size + 3, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = litEdge();
  context.stroke();
}

function nodeLook(state, look, index, scale) {
  const node = state.data.nodes[index];
  if (!state.nodes[index]) return { x: node.x, y: node.y, hidden: true };
  const lit = state.lit;
  const shown = {
    x: node.x,
    y: node.y,
    label: node.label,
    color: look.colourOf(node),
    size: look.sizeOf(node) * scale,
    zIndex: 1,
  };
  if (!lit) return shown;
  if (!lit.has(index)) return { ...shown, color: faint(), label: null, zIndex: 0 };
  const focus = state.focus.node === node;
  return { ...shown, forceLabel: focus || lit.size <= 25, highlighted: focus, zIndex: 2 };
}

function edgeLook(state, index) {
  const edge = state.data.edges[index];
  if (!state.edges[index]) return { hidden: true };
  const { focus } = state;
  const colour = state.data.colours.tie?.[edge.kind ?? ""];
  if (!focus) return { ...(colour && { color: colour }), size: edge.width + 0.6 };
  const near = focus.edge
    ? focus.edge === edge
    : focus.node.index === edge.source || focus.node.index === edge.target;
  return near
    ? { color: colour ?? litEdge(), size: edge.width + 1, zIndex: 1 }
    : { color: faint(), size: edge.width, zIndex: 0 };
}

function listen(renderer, container, state) {
  const { nodes, edges } = state.data;
  const point = (focus) => state.change("selection", (s) => (s.pointed = focus));
  const choose = (focus) =>
    state.change("selection", (s) => {
      s.pointed = null;
      s.selected = focus;
    });
  renderer.on("enterNode", ({ node }) => point({ node: nodes[node] }));
  renderer.on("leaveNode", () => point(null));
  renderer.on("clickNode", ({ node }) => choose({ node: nodes[node] }));
  renderer.on("enterEdge", ({ edge }) => point({ edge: edges[edge] }));
  renderer.on("leaveEdge", () => point(null));
  renderer.on("clickEdge", ({ edge }) => choose({ edge: edges[edge] }));
  renderer.on("clickStage", () => choose(null));
  container.addEventListener("keydown", (event) => steer(renderer, event));
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function steer(renderer, event) {
  const camera = renderer.getCamera();
  const { x, y, ratio } = camera.getState();
  if (event.key in STEPS) {
    const [dx, dy] = STEPS[event.key];
    camera.setState({ x: x + 0.1 * ratio * dx, y: y + 0.1 * ratio * dy });
  } else if (event.key === "+" || event.key === "=") zoom(renderer, 1 / 1.4);
  else if (event.key === "-") zoom(renderer, 1.4);
  else if (event.key === "0") whole(renderer);
  else return;
  event.preventDefault();
}

const still = matchMedia("(prefers-reduced-motion: reduce)");

function glide(renderer, target) {
  const camera = renderer.getCamera();
  if (still.matches) camera.setState(target);
  else camera.animate(target, { duration: 250 });
}

/** Zooms by a factor: below 1 is nearer. */
export function zoom(renderer, factor) {
  glide(renderer, { ratio: renderer.getCamera().getState().ratio * factor });
}

/** Shows the whole network. */
export function whole(renderer) {
  glide(renderer, { x: 0.5, y: 0.5, ratio: 1, angle: 0 });
}

/** Brings a node to the middle. */
export function show(renderer, node) {
  const display = renderer.getNodeDisplayData(node.index);
  if (display) {
    const ratio = Math.min(renderer.getCamera().getState().ratio, 0.5);
    glide(renderer, { x: display.x, y: display.y, ratio });
  }
}
