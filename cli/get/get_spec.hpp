#pragma once

#include <string>
#include <vector>

#include "cli/options/given.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/spec/ast.hpp"

namespace leat::cli {

/// A value that a spec does not show: secret:VARIABLE stands in its place.
struct HiddenValue {
  std::string variable;  // LEAT_PLAN_USER
  std::string what;      // what it is, for people
  std::string value;
};

/// The pipeline that a `leat get` is, as `leat run` takes it once the hidden values are in the environment.
struct GetSpec {
  pipelines::ast::Pipeline tree;
  std::vector<HiddenValue> hidden;
};

/// Makes it of what was given. Reads the files that options name, and asks for passwords. The Error names the
/// option, what was given unless that may be a secret, and what it takes.
[[nodiscard]] Result<GetSpec> get_spec(const Given& given, System& system);

/// The plan that it means, by the way of every spec: nothing is in it that `leat run` would not see.
[[nodiscard]] Result<pipelines::Plan> plan_of(const GetSpec& spec);

/// What `leat get --plan` prints: the spec in its canonical form, explained in comments. `plan` is the spec's
/// own. `run_level`: the options given that are no part of a plan, and that `leat run` takes as well.
/// Passwords and credentials are variables of the environment there; a comment says which.
[[nodiscard]] std::string plan_text_of(const GetSpec& spec, const pipelines::Plan& plan,
                                       const std::vector<std::string>& run_level);

/// The spec in one line for a log, without what may be a secret: bodies, header values, passwords.
[[nodiscard]] std::string one_line(const GetSpec& spec);

/// The options given that `leat run` has as well, with the same meaning, as they are typed there.
[[nodiscard]] std::vector<std::string> run_level(const Given& given);

/// What makes it the same run as the one that a journal is of: where its records come from, what is
/// requested, and where results go; not how fast. Credentials are left out, bodies are told by a hash.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> journal_config(const Given& given);

}  // namespace leat::cli
