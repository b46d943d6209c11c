/**
 * How a plan is carried out, and undone: plan, ledger, supervisor, task store. Knows no operating
 * system ({@link io.gaol.engine.Host} does) and no Nomad.
 */
package io.gaol.engine;
