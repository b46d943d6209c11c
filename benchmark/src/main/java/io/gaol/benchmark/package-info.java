/** What Gaol costs, measured side by side with the bare runtime: docs/benchmarks.md. */
package io.gaol.benchmark;
