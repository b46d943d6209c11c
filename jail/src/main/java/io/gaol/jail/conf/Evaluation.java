package io.gaol.jail.conf;

import io.gaol.jail.Spelling;
import io.gaol.jail.conf.JailConf.Jail;
import io.gaol.jail.conf.JailConf.Parameter;
import io.gaol.jail.conf.Statement.Assignment;
import io.gaol.jail.conf.Statement.Piece;
import io.gaol.jail.conf.Statement.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives each jail its own parameters and those of the wild cards that mean it, in the order of the
 * file, and replaces variables, as jail(8) does (usr.sbin/jail/config.c, load_config).
 */
final class Evaluation {
  /** How far variables may be made of variables. */
  private static final int LONGEST_CHAIN = 500;

  private static final long MOST_WORK = 20_000_000;
  private static final long MOST_PARAMETERS = 2_000_000;
  private static final long MOST_TEXT = 64L << 20;

  private final List<Blocks.One> blocks;
  private final Problems problems;
  private final Problems warnings;
  private final Set<Place> unknownReferences = new HashSet<>();

  private long work;
  private long parameters;
  private long text;

  private Evaluation(List<Blocks.One> blocks, Problems problems, Problems warnings) {
    this.blocks = blocks;
    this.problems = problems;
    this.warnings = warnings;
  }

  /** There is more in the file than any host could have. */
  private static final class TooMuchException extends Exception {
    private static final long serialVersionUID = 1L;

    TooMuchException(String message) {
      super(message);
    }
  }

  static List<Jail> jails(List<Blocks.One> blocks, Problems problems, Problems warnings) {
    Evaluation evaluation = new Evaluation(blocks, problems, warnings);
    List<Integer> wild = new ArrayList<>();
    for (int number = 0; number < blocks.size(); number++) {
      if (ParameterName.isWild(blocks.get(number).name())) {
        wild.add(number);
      }
    }
    List<Jail> jails = new ArrayList<>();
    for (int number = 0; number < blocks.size() && !problems.isFull(); number++) {
      Blocks.One block = blocks.get(number);
      if (!ParameterName.isWild(block.name())) {
        try {
          jails.add(evaluation.jail(number, wild));
        } catch (TooMuchException tooMuch) {
          problems.add(block.place(), tooMuch.getMessage());
          break;
        }
      }
    }
    return jails;
  }

  private Jail jail(int number, List<Integer> wild) throws TooMuchException {
    Blocks.One own = blocks.get(number);
    Drafts drafts = new Drafts(own);
    boolean ownDone = false;
    for (int other : wild) {
      if (number < other && !ownDone) {
        drafts.addAll(own);
        ownDone = true;
      }
      work(1);
      if (ParameterName.matches(own.name(), blocks.get(other).name())) {
        drafts.addAll(blocks.get(other));
      }
    }
    if (!ownDone) {
      drafts.addAll(own);
    }
    drafts.nameOfNumber();
    List<Parameter> given = new ArrayList<>();
    for (Draft draft : drafts.inOrder) {
      List<String> values = drafts.resolve(draft, 0);
      if (!draft.variable && !draft.implied) {
        given.add(new Parameter(draft.name, values, draft.place));
      }
    }
    parameters += given.size();
    if (parameters > MOST_PARAMETERS) {
      throw new TooMuchException(
          "the jails have more than " + MOST_PARAMETERS + " parameters together");
    }
    return new Jail(own.name(), given, own.place());
  }

  private void work(long steps) throws TooMuchException {
    work += steps;
    if (work > MOST_WORK) {
      throw new TooMuchException(
          "jails and wild cards make more than " + MOST_WORK + " combinations");
    }
  }

  /** A parameter or variable of a jail while it is made. */
  private static final class Draft {
    private enum State {
      NEW,
      ACTIVE,
      DONE,
      FAILED
    }

    private final boolean variable;
    private final boolean implied;
    private String name;
    private Place place;
    private List<Text> values;
    private boolean ownsValues;
    private List<String> resolved = List.of();
    private State state = State.NEW;

    Draft(String name, boolean variable, boolean implied, List<Text> values, Place place) {
      this.name = name;
      this.variable = variable;
      this.implied = implied;
      this.values = values;
      this.place = place;
    }

    void set(List<Text> replacing) {
      values = replacing;
      ownsValues = false;
    }

    void append(List<Text> more) {
      if (!ownsValues) {
        values = new ArrayList<>(values);
        ownsValues = true;
      }
      values.addAll(more);
    }
  }

  /** The parameters and variables of one jail. */
  private final class Drafts {
    private final Blocks.One jail;
    private final List<Draft> inOrder = new ArrayList<>();
    private final Map<String, List<Draft>> byKey = new HashMap<>();
    private final Map<String, Draft> byName = new HashMap<>();

    Drafts(Blocks.One jail) {
      this.jail = jail;
      imply(ParameterName.isNumber(jail.name()) ? "jid" : "name");
    }

    private void imply(String name) {
      Text value = new Text(List.of(new Piece.Literal(jail.name())), jail.place());
      append(new Draft(name, false, true, List.of(value), jail.place()));
    }

    /** A jail whose block says its number is named by it too, unless it says how. */
    void nameOfNumber() {
      if (find("name").isEmpty()) {
        imply("name");
      }
      inOrder.forEach(draft -> byName.put(draft.name, draft));
    }

    void addAll(Blocks.One block) throws TooMuchException {
      work(block.assignments().size());
      block.assignments().forEach(this::add);
    }

    private void add(Assignment assignment) {
      String name = assignment.name();
      Optional<Draft> known = find(name);
      if (known.isEmpty()) {
        if (assignment.variable() && ParameterName.isKnownToJail(name)) {
          likeAParameter(assignment);
        }
        append(
            new Draft(name, assignment.variable(), false, assignment.values(), assignment.place()));
        return;
      }
      Draft draft = known.get();
      if (draft.variable != assignment.variable()) {
        likeAParameter(assignment);
        return;
      }
      if (!draft.variable && ParameterName.isIdentity(draft.name)) {
        problems.add(
            assignment.place(),
            draft.implied
                ? Shown.text(name) + " is what the block is called already: leave it out"
                : Shown.text(name) + " is given already at " + draft.place);
        return;
      }
      draft.name = name;
      draft.place = assignment.place();
      if (assignment.appends()) {
        draft.append(assignment.values());
      } else {
        draft.set(assignment.values());
      }
    }

    private void likeAParameter(Assignment assignment) {
      problems.add(
          assignment.place(),
          "the variable "
              + Shown.text("$" + assignment.name())
              + " has the name of a parameter: jail(8) wants another one");
    }

    private Optional<Draft> find(String name) {
      for (Draft draft : byKey.getOrDefault(ParameterName.key(name), List.of())) {
        if (ParameterName.same(draft.name, name)) {
          return Optional.of(draft);
        }
      }
      return Optional.empty();
    }

    private void append(Draft draft) {
      inOrder.add(draft);
      byKey.computeIfAbsent(ParameterName.key(draft.name), _ -> new ArrayList<>(1)).add(draft);
    }

    // ---- variables

    /** The values of a draft without variables; none if one of them is unknown. */
    List<String> resolve(Draft draft, int depth) throws TooMuchException {
      if (draft.state == Draft.State.DONE || draft.state == Draft.State.FAILED) {
        return draft.resolved;
      }
      draft.state = Draft.State.ACTIVE;
      work(draft.values.size());
      boolean good = true;
      List<String> values = new ArrayList<>(draft.values.size());
      for (Text value : draft.values) {
        Optional<String> constant = value.constant();
        if (constant.isPresent()) {
          values.add(constant.get());
        } else {
          good &= substitute(draft, value, values, depth);
        }
      }
      draft.state = good ? Draft.State.DONE : Draft.State.FAILED;
      draft.resolved = values;
      return values;
    }

    private boolean substitute(Draft draft, Text value, List<String> values, int depth)
        throws TooMuchException {
      StringBuilder whole = new StringBuilder();
      for (Piece piece : value.pieces()) {
        switch (piece) {
          case Piece.Literal(String literal) -> whole.append(literal);
          case Piece.Reference reference -> {
            Optional<Draft> meant = reference(draft, reference, depth);
            if (meant.isEmpty()) {
              return false;
            }
            List<String> texts = meant.get().resolved;
            if (texts.size() > 1 && value.pieces().size() > 1) {
              problems.add(
                  reference.place(),
                  Shown.text(reference.name())
                      + " has several values, and cannot be a part of another one");
              return false;
            }
            if (texts.size() > 1) {
              warnings.add(
                  reference.place(),
                  Shown.text(reference.name())
                      + " has several values, and jail(8) crashes where it has to put them in:"
                      + " write them out");
              work(texts.size());
              values.addAll(texts);
              return true;
            }
            whole.append(texts.getFirst());
            if (whole.length() > MOST_TEXT) {
              throw tooMuchText();
            }
          }
        }
      }
      text += whole.length();
      if (text > MOST_TEXT) {
        throw tooMuchText();
      }
      values.add(whole.toString());
      return true;
    }

    private TooMuchException tooMuchText() {
      return new TooMuchException(
          "with their variables replaced, the values are longer than "
              + (MOST_TEXT >> 20)
              + " MiB together");
    }

    /** What a reference means, with its own references replaced; empty if it means nothing. */
    private Optional<Draft> reference(Draft from, Piece.Reference reference, int depth)
        throws TooMuchException {
      Draft meant = byName.get(reference.name());
      if (meant == null || meant.values.isEmpty()) {
        if (unknownReferences.add(reference.place())) {
          problems.add(reference.place(), unknown(reference.name(), meant != null));
        }
        return Optional.empty();
      }
      if (meant.state == Draft.State.ACTIVE) {
        if (unknownReferences.add(reference.place())) {
          problems.add(
              reference.place(),
              Shown.text(reference.name())
                  + " is made of itself"
                  + (meant == from ? "" : " by way of " + Shown.text(from.name)));
        }
        return Optional.empty();
      }
      if (depth == LONGEST_CHAIN) {
        throw new TooMuchException(
            "variables are made of variables " + LONGEST_CHAIN + " deep, but not deeper");
      }
      resolve(meant, depth + 1);
      if (meant.state == Draft.State.DONE && meant.resolved.isEmpty()) {
        meant.state = Draft.State.FAILED;
      }
      return meant.state == Draft.State.DONE ? Optional.of(meant) : Optional.empty();
    }

    private String unknown(String name, boolean hasNoValue) {
      String of = "in the jail " + Shown.text(jail.name()) + " the variable " + Shown.text(name);
      if (hasNoValue) {
        return of + " has no value";
      }
      return of
          + " is not known."
          + nearest(name)
              .map(other -> " Did you mean \"$" + other + "\"?")
              .orElse(" One that the shell is to replace is written \\$" + name);
    }

    private Optional<String> nearest(String name) {
      boolean ofTheShell = name.equals(name.toUpperCase(Locale.ROOT));
      if (ofTheShell || name.length() > 64 || inOrder.size() > 1000) {
        return Optional.empty();
      }
      return Spelling.nearest(
          name,
          inOrder.stream().map(draft -> draft.name).filter(near -> near.length() <= 64).toList());
    }
  }
}
