#include "config/key.hpp"

#include "config/nearest.hpp"

namespace hupd::config {
namespace {

// " (did you mean 'workers'?)", or where the key belongs, or nothing.
std::string suggestion(const std::string& word, const std::vector<Description>& known,
                       const Context& context) {
  for (const Description& key : known) {
    if (key.key == word) return " (it belongs in [" + context.path() + "." + key.table + "])";
  }
  std::vector<std::string_view> names;
  for (const Description& key : known) {
    if (key.table.empty()) names.push_back(key.key);
  }
  const std::string_view meant = nearest(word, names);
  return meant.empty() ? "" : " (did you mean '" + std::string(meant) + "'?)";
}

}  // namespace

void refuse_unknown(const Table& table, const std::vector<Description>& known, Context& context) {
  const std::string where = context.path().empty() ? "" : " in [" + context.path() + "]";
  for (const Entry& entry : table) {
    bool is_known = false;
    for (const Description& key : known) {
      is_known = is_known || (key.table.empty() && key.key == entry.key);
    }
    if (is_known) continue;
    context.fault(entry.place, "unknown key '" + entry.key + "'" + where +
                                   suggestion(entry.key, known, context));
  }
}

void refuse_missing(const Place& table, const Description& key, Context& context) {
  const bool from_flags = table.line == 0;
  const std::string flag = key.key == "listen" ? "--listen 127.0.0.1:8080" : "LIB.so";
  context.fault(
      table, "missing '" + key.key + "' in [" + context.path() +
                 "]: " + (from_flags ? "give " + flag : "write " + key.key + " = " + key.fallback));
}

}  // namespace hupd::config
