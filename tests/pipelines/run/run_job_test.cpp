#include "pipelines/run/run_job.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

Plan plan_of_job(const std::string& spec) {
  Plan plan = plan_of_spec(spec);
  plan.state.emplace();
  plan.state->path = "redis://localhost/0/j";
  return plan;
}

std::string fault_of(const Plan& plan) {
  const auto error = check_job(plan);
  if (error) CHECK(error->code == Errc::bad_input);
  return error ? error->message : "";
}

void check_refused(const std::string& spec, const std::string& words) {
  const std::string fault = fault_of(plan_of_job(spec));
  CHECK_MESSAGE(fault.find(words + " can't be part of a job: ") != std::string::npos, spec << ": " << fault);
}

}  // namespace

TEST_CASE("job: what several processes can do together is taken") {
  for (const char* spec :
       {"lines \"u\" | fetch | write json", "urls http://a.org/ | fetch per-host=2 per-host-rate=3 | null",
        "lines \"u\" | dedupe | skip 1 | sample 50% | limit 3 | fetch n=4 | save \"{id}\" | write",
        "lines \"u\" | fetch | extract css=\"a\" as=meta.a | each (.meta.a[]) | limit 4 | redis \"out\"",
        "json \"u\" | where (.url != null) | fetch header=\"X: {id}\" | set meta.a=(1) | count",
        "lines \"u\" | exec \"wc\" | null", "lines \"u\" | paginate next=(.json.next) | null",
        "lines \"u\" | dedupe | crawl next={ extract css=\"a\" attr=href as=meta.l | each (.meta.l[]) } | "
        "null"})
    CHECK_MESSAGE(fault_of(plan_of_job(spec)).empty(), spec << ": " << fault_of(plan_of_job(spec)));
}

TEST_CASE("job: stages and arguments that can't be divided are refused by name") {
  check_refused("lines | fetch | null", "standard input");
  check_refused("redis \"in\" | fetch | null", "\"redis\"");
  check_refused("lines \"u\" | crawl next={ fetch | each (.json) } | null", "fetch in a block");
  check_refused("lines \"u\" | tee { crawl next={ each (.json) } | null } | null", "fetch in a block");
  check_refused("lines \"u\" | fetch on-error={ fetch | null } | null", "fetch in a block");
  check_refused("lines \"u\" | rate 3 | fetch | null", "\"rate\"");
  check_refused("lines \"u\" | fetch | ordered | null", "\"ordered\"");
  check_refused("lines \"u\" | fetch rate=3 | null", "rate= of fetch");
  check_refused("lines \"u\" | set url=(.meta.a) | fetch url=\"http://{meta.b}/\" | null", "url= of fetch");
  check_refused("lines \"u\" | batch n=3 | null", "\"batch\" without within=");
  check_refused("lines \"u\" | fetch | batch n=3 | fetch | null", "\"batch\" without within=");
  check_refused("lines \"u\" | tee { fetch | null } | null", "fetch in a block");
  check_refused("lines \"u\" | tee { limit 3 | null } | fetch | null", "\"limit\" in a block");
  check_refused("lines \"u\" | fetch | save \"{id}\" if-changed=true | null", "if-changed=true");
}

TEST_CASE(
    "job: a fetch behind one that may be on another host is taken, unless it asks by the answer before") {
  for (const char* spec :
       {"lines \"u\" | fetch | each (.json.items[].url) | fetch | each (.meta.image) | fetch | save \"{id}\" "
        "| null",
        "lines \"u\" | each (.meta[]) | fetch | null", "lines \"u\" | set url=(.meta.a) | fetch | null",
        "lines \"u\" | exec as=records \"cat\" \"x\" | fetch | null",
        "lines \"u\" | batch n=3 within=1s | set url=\"http://a.org/\" | fetch json=(.meta.batch) | null",
        "lines \"u\" | paginate next=(.json.next) | each (.json.items[]) | fetch | null",
        "lines \"u\" | crawl next={ each (.json[]) } | each (.meta.a) | crawl next={ each (.json[]) } | null",
        "lines \"u\" | fetch | each (.json[]) | fetch body=(.body) header=\"X: {status}\" | null",
        "lines \"u\" | fetch | set meta.x=(.body) | fetch body=(.meta.x) header=\"X: {id} {url}\" | null"})
    CHECK_MESSAGE(fault_of(plan_of_job(spec)).empty(), spec << ": " << fault_of(plan_of_job(spec)));
  for (const char* request : {"body=(.body)", "json=(.json.a)", "header=\"X: {status}\"", "form=\"a={etag}\"",
                              "json=(.)", "header=\"X: {headers.a}\"", "upload=\"f-{status}\""})
    check_refused(
        "lines \"u\" | fetch | set url=\"http://b.org/\" | fetch " + std::string(request) + " | null",
        "a request that is made of an earlier answer");
}

TEST_CASE("job: origins have no more parts than each of the stages that fetch has shares of its cap") {
  const auto parts_of = [](const std::string& fetches) {
    auto options = job_options(plan_of_job("lines \"u\" | " + fetches + " | null"));
    REQUIRE(options.ok());
    return options->parts;
  };
  CHECK(parts_of("where (true)") == 1);
  CHECK(parts_of("fetch n=4 per-host=4") == 1);
  CHECK(parts_of("fetch n=4 per-host=13") == 8);
  CHECK(parts_of("fetch n=4 per-host=13 per-host-rate=5") == 1);
  CHECK(parts_of("fetch n=4 per-host=128") == 64);
  CHECK(parts_of("fetch n=4 per-host=9 | each (.json[]) | fetch n=4 per-host=128") == 8);
  CHECK(parts_of("fetch n=4 per-host=128 | each (.json[]) | fetch n=4 per-host=9") == 8);
  for (const std::string& other :
       std::vector<std::string>{"fetch", "fetch n=4 per-host=2", "fetch n=4 per-host=128 per-host-rate=9"}) {
    CHECK(parts_of(other + " | each (.json[]) | fetch n=4 per-host=128") == 1);
    CHECK(parts_of("fetch n=4 per-host=128 | each (.json[]) | " + other) == 1);
  }
}

TEST_CASE("job: options of a run that are those of one process are refused by name") {
  const std::string spec = "lines \"u\" | fetch | null";
  Plan plan = plan_of_job(spec);
  plan.failed_path = "failed";
  CHECK(fault_of(plan).find("--failed can't be part of a job") != std::string::npos);
  plan = plan_of_job(spec);
  plan.max_errors = 1;
  CHECK(fault_of(plan).find("--max-errors or --fail-fast can't be part of a job") != std::string::npos);
  plan = plan_of_job(spec);
  plan.record_dir = "exchanges";
  CHECK(fault_of(plan).find("--record or --replay can't be part of a job") != std::string::npos);
  plan = plan_of_job(spec);
  plan.state->retry_failed = true;
  CHECK(fault_of(plan).find("--retry-failed can't be part of a job") != std::string::npos);
}

TEST_CASE("job: a state that is a file is no job, and nothing of it is refused") {
  for (const char* path : {"state.db", "redis.db", "./unix:x"}) CHECK(!is_job(path));
  for (const char* url : {"redis://h/0/j", "REDISS://h/j", "unix:/run/redis.sock?job=j"}) CHECK(is_job(url));
  Plan plan = plan_of_job("lines | fetch | fetch | null");
  plan.state->path = "state.db";
  CHECK(fault_of(plan).empty());
}

TEST_CASE("job: a URL without a job, or with a name that keys can't have, is refused") {
  Plan plan = plan_of_job("lines \"u\" | null");
  plan.state->path = "redis://localhost";
  CHECK(fault_of(plan).find("names no job") != std::string::npos);
  plan.state->path = "redis://localhost/0/a.b";
  CHECK(fault_of(plan).find("takes letters, digits, - and _") != std::string::npos);
}
