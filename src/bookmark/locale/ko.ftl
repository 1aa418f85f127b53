bookmark-title = 북마크
bookmark-empty = 아직 북마크가 없습니다.
bookmark-address = 주소
bookmark-open = 페이지 열기
bookmark-not-linked = 웹 주소가 아니어서 링크로 연결하지 않았습니다.
bookmark-back = 전체 북마크

# 관리자 사이트.
bookmark-app = 북마크
bookmark-name = 북마크
bookmark-name-plural = 북마크
bookmark-field-title = 제목
bookmark-field-url = URL
bookmark-field-added = 추가한 날짜
bookmark-error-duplicate = 이 URL의 북마크가 이미 있습니다.
bookmark-about = 다시 찾아볼 만한 링크를 모았습니다.
bookmark-latest = 최근 북마크
