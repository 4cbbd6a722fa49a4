#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/pipelines/spec/stages_fixture.hpp"

using namespace leat::pipelines;
using namespace leat::pipelines::spec_test;

namespace {

struct Expected {
  std::size_t column;
  std::string_view message;
};
struct Wrong {
  std::string_view spec;
  std::vector<Expected> errors;
};

World world() {
  World made;
  made.environment = {{"WORD", "abc"}, {"TOKEN", "hunter2"}};
  made.files = {{"lets.leat", "let three = 3; let two = 2;"}};
  return made;
}

// Each is a spec of one line; the position, the message, that line and the caret are printed.
const std::vector<Wrong> kWrong{
    {"lines | fecth", {{9, R"~(no stage "fecth"; did you mean "fetch"?)~"}}},
    {"LINES | fetch", {{1, R"~(no stage "LINES"; did you mean "lines"?)~"}}},
    {"lnes | fetch", {{1, R"~(no stage "lnes"; did you mean "lines"?)~"}}},
    {"fetch | write", {{1, R"~("fetch" is no source; the first stage is one of lines, urls, queue)~"}}},
    {"where (.a) | fetch", {{1, R"~("where" is no source; the first stage is one of lines, urls, queue)~"}}},
    {"http://h/ | fetch", {{1, R"~(no stage "http://h/"; a URL stands behind "urls")~"}}},
    {"lines | fetch | lines", {{17, R"~("lines" is a source; it stands first)~"}}},
    {"lines | write json | fetch", {{9, R"~("write" is an end; no stage may follow it)~"}}},
    {"lines | tee { lines }",
     {{15, R"~("lines" is a source; a block has its records from the stage it belongs to)~"}}},
    {"lines | tee { write json | fetch }", {{15, R"~("write" is an end; no stage may follow it)~"}}},
    {R"~(lines | crawl next={ extract css="a" | write json })~",
     {{40, R"~("write" is an end; what this block gives goes back to the stage it belongs to)~"}}},
    {"lines | crawl next={ }", {{20, "the block has no stage"}}},
    {"lines | crawl", {{9, R"~("crawl" needs next= with a block of stages in { … })~"}}},
    {"lines | tee", {{9, R"~("tee" needs a block of stages in { … })~"}}},
    {"lines | tee { }", {{13, "the block has no stage"}}},
    {"lines | where", {{9, R"~("where" needs a jq program in ( … ))~"}}},
    {"lines | each", {{9, R"~("each" needs a jq program in ( … ))~"}}},
    {"lines | limit", {{9, R"~("limit" needs a whole number of at least 1)~"}}},
    {"lines | save", {{9, R"~("save" needs text, with {fields})~"}}},
    {"urls", {{1, R"~("urls" needs a URL)~"}}},
    {"lines |", {{7, R"~(a stage is missing after this "|")~"}}},
    {"| lines", {{1, R"~(a stage is missing before this "|")~"}}},
    {"lines || fetch", {{8, R"~(a stage is missing before this "|")~"}}},
    {R"~(lines "a" "b")~", {{11, R"~("lines" takes one value without a key, and "b" is one too many)~"}}},
    {"lines | limit 3 4", {{17, R"~("limit" takes one value without a key, and "4" is one too many)~"}}},
    {"lines | fetch 30", {{15, R"~("fetch" takes only values with a key, not "30")~"}}},
    {"lines | fetch insecure",
     {{15, R"~("fetch" takes only values with a key, not "insecure"; did you mean "insecure=…"?)~"}}},
    {"lines | fetch n= 3", {{15, R"~("n=" needs a value directly after it)~"}}},
    {"lines | fetch n =3",
     {{15, R"~("fetch" takes only values with a key, not "n"; did you mean "n=…"?)~"},
      {17, R"~("fetch" takes only values with a key, not "=3"; a "=" follows its key directly)~"}}},
    {"lines | fetch n=", {{15, R"~("n=" needs a value directly after it)~"}}},
    {"lines | fetch nn=3", {{15, R"~("fetch" takes no "nn="; did you mean "n"?)~"}}},
    {"lines | fetch retyr=3", {{15, R"~("fetch" takes no "retyr="; did you mean "retry"?)~"}}},
    {"lines | fetch zzzzzz=3", {{15, R"~("fetch" takes no "zzzzzz="; "leat help fetch" lists them)~"}}},
    {"lines | fetch n=3 n=4", {{19, R"~("n=" is given twice)~"}}},
    {"lines | fetch n=0", {{17, R"~(n= takes a whole number from 1 to 1000, not "0")~"}}},
    {"lines | fetch n=1001", {{17, R"~(n= takes a whole number from 1 to 1000, not "1001")~"}}},
    {"lines | fetch n=many", {{17, R"~(n= takes a whole number from 1 to 1000, not "many")~"}}},
    {"lines | fetch n=1.5", {{17, R"~(n= takes a whole number from 1 to 1000, not "1.5")~"}}},
    {"lines | fetch n=-1", {{17, R"~(n= takes a whole number from 1 to 1000, not "-1")~"}}},
    {"lines | fetch n=(3)", {{17, "n= takes a whole number from 1 to 1000, not a jq program"}}},
    {"lines | fetch n={ null }", {{17, "n= takes a whole number from 1 to 1000, not a block"}}},
    {"lines | fetch n=99999999999999999999",
     {{17, R"~(n= takes a whole number from 1 to 1000, not "99999999999999999999")~"}}},
    {"lines | fetch stall=30sec",
     {{21, R"~(stall= takes a time such as 30s, 250ms, 2m or 1h; a plain number is seconds, not "30sec")~"}}},
    {"lines | fetch stall=30 sec",
     {{24,
       R"~("fetch" takes only values with a key, not "sec"; a unit follows its number directly, as in 30s)~"}}},
    {R"~(lines | fetch stall="30 s")~",
     {{21, R"~(stall= takes a time such as 30s, 250ms, 2m or 1h; a plain number is seconds, not "30 s")~"}}},
    {"lines | fetch stall=2h", {{21, R"~(stall= takes a time from 1ms to 1h, not "2h")~"}}},
    {"lines | fetch timeout=0", {{23, R"~(timeout= takes a time of more than 0, not "0")~"}}},
    {"lines | fetch timeout=-1s",
     {{23, R"~(timeout= takes a time such as 30s, 250ms, 2m or 1h; a plain number is seconds, not "-1s")~"}}},
    {"lines | delay soon",
     {{15, R"~("delay" takes a time such as 30s, 250ms, 2m or 1h; a plain number is seconds, not "soon")~"}}},
    {"lines | fetch rate=50/day",
     {{20,
       R"~(rate= takes a rate such as 50/s, 10/min or 1000/h; a plain number is a rate per second, not "50/day")~"}}},
    {"lines | fetch rate=0",
     {{20,
       R"~(rate= takes a rate such as 50/s, 10/min or 1000/h; a plain number is a rate per second, not "0")~"}}},
    {"lines | fetch body-limit=10mbb",
     {{26,
       R"~(body-limit= takes a size such as 10MB (powers of 1000), 16MiB or 4k (powers of 1024), not "10mbb")~"}}},
    {"lines | fetch body-limit=10 MB",
     {{26, R"~(body-limit= takes a size from 1KiB to 1GiB, not "10")~"},
      {29,
       R"~("fetch" takes only values with a key, not "MB"; a unit follows its number directly, as in 30s)~"}}},
    {"lines | fetch body-limit=1", {{26, R"~(body-limit= takes a size from 1KiB to 1GiB, not "1")~"}}},
    {"lines | fetch body-limit=5GB", {{26, R"~(body-limit= takes a size from 1KiB to 1GiB, not "5GB")~"}}},
    {"lines | fetch fail=4x", {{20, R"~(fail= takes statuses such as 4xx,5xx,404 or 500-504, not "4x")~"}}},
    {"lines | fetch fail=99", {{20, R"~(fail= takes statuses such as 4xx,5xx,404 or 500-504, not "99")~"}}},
    {"lines | fetch fail=4xx,",
     {{20, R"~(fail= takes statuses such as 4xx,5xx,404 or 500-504, not "4xx,")~"}}},
    {"lines | fetch fail=500-400",
     {{20, R"~(fail= takes statuses such as 4xx,5xx,404 or 500-504, not "500-400")~"}}},
    {"lines | fetch insecure=yes", {{24, R"~(insecure= takes true or false, not "yes")~"}}},
    {"lines | fetch header=Accept",
     {{22, R"~(header= takes a header such as "Accept: text/html", not "Accept")~"}}},
    {R"~(lines | fetch header="Accept json")~",
     {{22, R"~(header= takes a header such as "Accept: text/html", not "Accept json")~"}}},
    {"lines | fetch on-error=log", {{24, R"~(on-error= takes a block of stages in { … }, not "log")~"}}},
    {"lines | fetch on-error={ wirte json }", {{26, R"~(no stage "wirte"; did you mean "write"?)~"}}},
    {"lines | fetch on-error={ write json to= }", {{37, R"~("to=" needs a value directly after it)~"}}},
    {"lines | fetch on-error={ write json", {{24, R"~(this "{" is not closed by a "}")~"}}},
    {"lines | sample 2", {{16, R"~("sample" takes a part of 1 such as 0.1 or 10%, not "2")~"}}},
    {"lines | sample 120%", {{16, R"~("sample" takes a part of 1 such as 0.1 or 10%, not "120%")~"}}},
    {"lines | crawl next={ each (.a) } scope=hosts",
     {{40, R"~(scope= takes host, site or any, not "hosts"; did you mean "host"?)~"}}},
    {"lines | paginate next=links",
     {{23, R"~(next= takes link, or a jq program in ( … ), not "links"; did you mean "link"?)~"}}},
    {R"~(lines | paginate next="link")~",
     {{23, R"~(next= takes link, or a jq program in ( … ), not "link"; did you mean "link"?)~"}}},
    {"lines | write josn",
     {{15,
       R"~("write" takes json, csv or tsv, or a template in double quotes, not "josn"; did you mean "json"?)~"}}},
    {"lines | write xml",
     {{15, R"~("write" takes json, csv or tsv, or a template in double quotes, not "xml")~"}}},
    {"lines | write (.url)",
     {{15, R"~("write" takes json, csv or tsv, or a template in double quotes, not a jq program)~"}}},
    {"lines | write fields=a,,b", {{22, R"~(fields= takes a list such as a,b,c, not "a,,b")~"}}},
    {R"~(lines "")~", {{7, R"~("lines" takes the name of a file, not "")~"}}},
    {"lines | where .status", {{15, R"~("where" takes a jq program in ( … ), not ".status")~"}}},
    {R"~(lines | where ".status == 200")~",
     {{15, R"~("where" takes a jq program in ( … ), not ".status == 200")~"}}},
    {"lines | where .a == 1", {{15, R"~("where" takes a jq program in ( … ), not ".a")~"}}},
    {"lines | where ()", {{15, R"~("where" takes a jq program in ( … ), not an empty one)~"}}},
    {"lines | where (.a", {{15, R"~(this "(" is not closed by a ")")~"}}},
    {R"~(lines | where (.a == "x))~", {{22, R"~(this '"' of the jq program is not closed by another)~"}}},
    {R"~(lines | where (.a == "\(.b"))~", {{27, R"~(this '"' of the jq program is not closed by another)~"}}},
    {"lines | where (.a))", {{19, R"~(this ")" closes nothing)~"}}},
    {"lines | where (.a %% .b)", {{19, R"~("%%" makes no sense)~"}}},
    {"lines | where (.a # a comment )", {{15, R"~(this "(" is not closed by a ")")~"}}},
    {R"~(lines | extract css="a %% b")~", {{24, R"~("%%" makes no sense)~"}}},
    {R"~(lines | extract regex="a\n%%")~", {{27, R"~("%%" makes no sense)~"}}},
    {R"~(lines | extract regex="\d+")~",
     {{24, R"~(no such escape; there are \" \\ \n \t \r \uXXXX, and a backslash itself is \\)~"}}},
    {R"~(lines | extract xpath="\u00e9\"%%")~", {{32, R"~("%%" makes no sense)~"}}},
    {R"~(lines | save "out/{nmae}")~", {{20, "no field {nmae}"}}},
    {"lines | save out/{nmae}", {{19, "no field {nmae}"}}},
    {R"~(lines | save "out/{name")~", {{19, R"~("{" is not closed; a brace itself is "{{")~"}}},
    {"lines | save out/{name",
     {{18,
       R"~("{" directly after a word belongs to it, and is not closed; a block stands after a blank, other text in double quotes)~"}}},
    {R"~(lines | exec ls "{nmae}")~", {{19, "no field {nmae}"}}},
    {"lines | exec dd if=x",
     {{17, R"~("exec" takes no "if="; text with a "=" in it stands in double quotes)~"}}},
    {R"~(lines | tee{ save "{x}" })~", {{21, "no field {x}"}}},
    {R"~(lines | save "a)~", {{14, R"~(this '"' is not closed by another)~"}}},
    {R"~(lines | save "\x41")~",
     {{15, R"~(no such escape; there are \" \\ \n \t \r \uXXXX, and a backslash itself is \\)~"}}},
    {R"~(lines | save "\u12")~", {{15, R"~(\u takes four hexadecimal digits, as in \u00e9)~"}}},
    {R"~(lines | save "\ud83d")~", {{15, "half of a surrogate pair, which is no character"}}},
    {R"~(lines | save "\u0000")~", {{15, "a text holds no NUL character"}}},
    {R"~(lines | save a"b")~",
     {{15,
       "a blank is missing here; a text that holds a quote, a parenthesis or a brace stands in double quotes "
       "as a whole"}}},
    {"lines | save (.a)b",
     {{14, R"~("save" takes text, with {fields}, not a jq program)~"},
      {18,
       "a blank is missing here; a text that holds a quote, a parenthesis or a brace stands in double quotes "
       "as a whole"}}},
    {"lines | save http://h/a_(b)",
     {{25,
       "a blank is missing here; a text that holds a quote, a parenthesis or a brace stands in double quotes "
       "as a whole"}}},
    {"lines | fetch }", {{15, R"~(this "}" closes nothing)~"}}},
    {"lines } | fetch", {{7, R"~(this "}" closes nothing)~"}}},
    {"lines | fetch )", {{15, R"~(this ")" closes nothing)~"}}},
    {"lines; fetch", {{6, R"~(";" ends a let or an include; stages are joined by "|")~"}}},
    {R"~(lines | "fetch")~", {{9, "a stage begins with its name"}}},
    {"lines | fetch user=$who", {{20, R"~(no variable "who"; give it by let who = …; or --set who=…)~"}}},
    {"lines | fetch user=$",
     {{20, R"~("$" is no variable; one is $name, and text that begins with "$" stands in double quotes)~"}}},
    {"lines | fetch user=$a/b",
     {{20,
       R"~("$a/b" is no variable; one is $name, and text that begins with "$" stands in double quotes)~"}}},
    {"let who = 3; lines | fetch user=$whho", {{33, R"~(no variable "whho"; did you mean "who"?)~"}}},
    {"let cap = many; lines | fetch n=$cap",
     {{11, R"~(n= takes a whole number from 1 to 1000, not "many")~"}}},
    {"let prog = (.a %% .b); lines | where $prog", {{16, R"~("%%" makes no sense)~"}}},
    {R"~(let out = "a\t{nmae}"; lines | save $out)~", {{16, "no field {nmae}"}}},
    {"let a = 3 lines | limit $a", {{10, R"~(";" is missing after the value of let "a")~"}}},
    {"let a = 3; let a = 4; lines | limit $a", {{16, R"~(let "a" is given twice)~"}}},
    {"let = 3; lines", {{1, R"~(let takes a name of letters, digits, "_" and "-", as in: let cap = 50;)~"}}},
    {"let 3a = 3; lines",
     {{5, R"~(let takes a name of letters, digits, "_" and "-", as in: let cap = 50;)~"}}},
    {"let a 3; lines", {{5, R"~("=" is missing after the name, as in: let a = 50;)~"}}},
    {"let a = ; lines", {{5, R"~(let "a" has no value)~"}}},
    {"lines | let a = 3; fetch", {{9, "a let stands before the first stage"}}},
    {"lines | fetch user=env:NOBODY", {{20, R"~(env:NOBODY: the environment has no variable "NOBODY")~"}}},
    {"lines | fetch n=env:WORD",
     {{17, R"~(n= takes a whole number from 1 to 1000, not "abc" from env:WORD)~"}}},
    {"lines | fetch n=secret:TOKEN",
     {{17, "n= takes a whole number from 1 to 1000, not the value of secret:TOKEN"}}},
    {"let t = secret:TOKEN; lines | fetch stall=$t",
     {{9,
       "stall= takes a time such as 30s, 250ms, 2m or 1h; a plain number is seconds, not the value of "
       "secret:TOKEN"}}},
    {"lines | fetch header=secret:TOKEN",
     {{22, R"~(header= takes a header such as "Accept: text/html", not the value of secret:TOKEN)~"}}},
    {"lines | where secret:TOKEN", {{15, R"~("where" takes no secret: its faults would be shown)~"}}},
    {"lines | extract regex=secret:TOKEN", {{23, "regex= takes no secret: its faults would be shown"}}},
    {"lines | write secret:NOBODY", {{15, R"~(secret:NOBODY: the environment has no variable "NOBODY")~"}}},
    {"lines | fetch user=secret:",
     {{20,
       R"~("secret:" names no variable of the environment; text that begins with "secret:" stands in double quotes)~"}}},
    {R"~(lines | include "gone.leat")~", {{17, R"~(can't include "gone.leat": No such file or directory)~"}}},
    {"lines | include", {{9, R"~(include takes one name of a file, as in: include "common.leat")~"}}},
    {R"~(lines | include "a" "b")~",
     {{9, R"~(include takes one name of a file, as in: include "common.leat")~"}}},
    {R"~(include "gone.leat"; lines)~", {{9, R"~(can't include "gone.leat": No such file or directory)~"}}},
    {R"~(lines | include "lets.leat")~", {{17, "this file has no stage"}}},
    {R"~(include "lets.leat"; lines | limit $three | limit $tow)~",
     {{51, R"~(no variable "tow"; did you mean "two"?)~"}}},
    {R"~(lines | set meta.k="x" meta.k=(1))~",
     {{20, R"~(meta.k= takes a jq program in ( … ), not "x")~"}, {24, R"~("meta.k=" is given twice)~"}}},
    {"lines | set meta.k=(1) meta.k=(2)", {{24, R"~("meta.k=" is given twice)~"}}},
    {"lines | set meta.k=(.a %% 2)", {{24, R"~("%%" makes no sense)~"}}},
    {"lines | where (.größe) | fecth", {{26, R"~(no stage "fecth"; did you mean "fetch"?)~"}}},
};

}  // namespace

TEST_CASE("Wrong specs: each gets exactly its errors") {
  for (const auto& [spec, errors] : kWrong) {
    std::string expected;
    for (const auto& [column, message] : errors) {
      expected += "spec:1:" + std::to_string(column) + ": error: ";
      expected.append(message).append("\n").append(spec).append("\n");
      expected.append(column - 1, ' ').append("^\n");
    }
    CHECK(errors_of(std::string(spec), world()) == expected);
  }
}

TEST_CASE("Wrong specs: the table has at least sixty, and none prints a secret") {
  CHECK(kWrong.size() >= 60);
  for (const auto& wrong : kWrong) {
    CHECK(errors_of(std::string(wrong.spec), world()).find("hunter2") == std::string::npos);
  }
}
