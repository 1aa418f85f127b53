queue-app = 외부 작업
queue-name = 외부 작업
queue-name-plural = 외부 작업
queue-kind-title = 제목 가져오기
queue-kind-check = 링크 확인
queue-kind-mail = 메일 보내기
queue-kind-report = 오류를 메일로 알리기
queue-waiting = 대기 중
queue-working = 진행 중
queue-failed = 실패
queue-field-kind = 작업
queue-field-object = 대상
queue-object = { $model } { $number }
queue-field-link = 관리자 페이지
queue-open = 대상 열기
queue-field-host = 호스트
queue-field-state = 상태
queue-field-attempts = 시도 횟수
queue-field-created = 추가한 시각
queue-field-run-after = 실행 예정
queue-field-failed = 중단한 시각
queue-field-error = 마지막 오류
queue-action-again = 선택한 작업 다시 시도
queue-action-done = 작업 { $count }개를 다시 시도합니다.
queue-error-read-only = 작업은 수정할 수 없습니다. 다시 시도하거나 삭제할 수만 있습니다.

queue-mail-test-subject = 테스트 메일
queue-mail-test-body =
    이 메일은 { $site } 사이트에서 { $time }에 “polls sendtestemail” 명령으로 보냈습니다.

    이 메일을 읽고 계신다면 메일 설정이 올바른 것입니다.

# 로그의 오류를 관리자에게 메일로 알린다.
queue-report-mail-subject = 오류: { $error }
queue-report-mail-body =
    { $count ->
        [1] 이 오류가 { $first }에 기록되었습니다.
       *[other] 이 오류가 { $first }부터 { $last }까지 { $count }번 기록되었습니다. 가장 최근 오류는 다음과 같습니다.
    }

    { $text }

    프로그램의 위치: { $place }
    사이트: { $site }
    이 메일은 { $now }에 작성되었습니다. 같은 위치의 오류는 1분에 한 번까지만 알립니다. 전체 내용은 로그에 있습니다.
