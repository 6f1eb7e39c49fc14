#include "metrics/text.hpp"

namespace hupd::metrics {

namespace {

std::string_view word(Type type) {
  switch (type) {
    case Type::Info:
      return "info";
    case Type::Gauge:
      return "gauge";
    case Type::Counter:
      return "counter";
  }
  return {};
}

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\\' || c == '"') safe += '\\';
    safe += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return safe;
}

std::string number(std::uint64_t value) { return std::to_string(value); }

std::string number(Seconds time) {
  const std::string part = std::to_string(time.ms % 1000);
  return std::to_string(time.ms / 1000) + "." + std::string(3 - part.size(), '0') + part;
}

}  // namespace

std::string sample_name(const Family& family) {
  switch (family.type) {
    case Type::Info:
      return family.name + "_info";
    case Type::Gauge:
      return family.name;
    case Type::Counter:
      return family.name + "_total";
  }
  return {};
}

void Text::begin(const Family& family) {
  name_ = sample_name(family);
  text_ += "# TYPE " + family.name + " " + std::string(word(family.type)) + "\n";
  if (!family.unit.empty()) text_ += "# UNIT " + family.name + " " + family.unit + "\n";
  text_ += "# HELP " + family.name + " " + escaped(family.help) + "\n";
}

void Text::sample(const Labels& labels, Value value) {
  text_ += name_;
  char before = '{';
  for (const auto& [name, text] : labels) {
    text_ += before;
    text_ += std::string(name) + "=\"" + escaped(text) + '"';
    before = ',';
  }
  if (!labels.empty()) text_ += '}';
  text_ += ' ' + std::visit([](auto v) { return number(v); }, value) + '\n';
}

std::string Text::finished() && { return std::move(text_) + "# EOF\n"; }

}  // namespace hupd::metrics
