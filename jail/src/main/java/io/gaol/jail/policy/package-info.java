/** What an operator permits jobs to ask for. */
package io.gaol.jail.policy;
