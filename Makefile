# OneDoor · 一门. `make run` is the way in; `make help` lists the rest.
.PHONY: help setup setup-dev run test test-sqlite test-postgres lint format messages pages bench lock clean
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.stamp-runtime
DEVELOP := $(VENV)/.stamp-dev
WORKERS ?= 2
PARTS := $(wildcard onedoor/locale/zh_Hans/parts/*.po)
MESSAGES := onedoor/locale/zh_Hans/LC_MESSAGES/django.mo

help: ## list the commands · 列出命令
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1|/' | column -t -s '|'

setup: $(RUNTIME) $(MESSAGES) ## make .venv with what a city needs · 安装运行环境
setup-dev: $(DEVELOP) $(MESSAGES) ## the same and what tests need · 安装开发环境

$(RUNTIME): requirements.lock pyproject.toml scripts/setup
	@bash scripts/setup $(VENV) requirements.lock
	@touch $@

$(DEVELOP): requirements-dev.lock pyproject.toml scripts/setup
	@bash scripts/setup $(VENV) requirements-dev.lock
	@touch $(RUNTIME) $@

$(MESSAGES): $(PARTS) onedoor/kernel/messages.py | $(RUNTIME)
	@$(BIN)/python -m onedoor.kernel.messages

messages: ## merge and compile the translations again · 编译译文
	@$(BIN)/python -m onedoor.kernel.messages

run: setup ## a living demo city on http://127.0.0.1:8000 · 启动演示城市
	$(BIN)/onedoor demo

test: setup-dev ## every test on SQLite, then on PostgreSQL · 全部测试
	@bash scripts/test-services
	$(MAKE) --no-print-directory test-sqlite
	$(MAKE) --no-print-directory test-postgres

test-sqlite: setup-dev ## every test, on SQLite · 测试(SQLite)
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile

test-postgres: setup-dev ## what touches a database, on PostgreSQL · 测试(PostgreSQL)
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --database postgres -m "not browser and not structure"

lint: setup-dev ## ruff, types, layers · 代码检查
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	ONEDOOR_HOME=.mypy_cache/home $(BIN)/mypy
	$(BIN)/lint-imports

format: setup-dev ## let ruff mend what it can · 格式化
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pages: setup ## write docs/packs anew from the packs · 更新业务包说明页
	$(BIN)/onedoor packs docs docs/packs
	$(BIN)/onedoor packs reference docs/procedures.md

bench: setup-dev ## measure the stated floors · 性能基准
	$(BIN)/python -m benchmarks

lock: setup-dev ## pin newest versions in both lock files · 重新锁定依赖版本
	@bash scripts/lock $(BIN)

clean: ## remove what tools leave behind; keeps var/ · 清理
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist build
	find config onedoor tests -name __pycache__ -type d -prune -exec rm -rf {} +
